import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use, type EChartsCoreOption } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { theme } from 'antd'
import { useEffect, useRef } from 'react'

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer])

/** Series is one line, or one row of bars; on the right axis where right says so. */
export interface Series {
  name: string
  data: number[]
  bar?: boolean
  right?: boolean
}

interface Props {
  /** Said to whoever can't see the drawing; the table beside it has the figures. */
  label: string
  categories: string[]
  series: Series[]
  /** Bars that lie, with the categories beside them. */
  lying?: boolean
  /** Writes a value of the left axis, or of the right one. */
  left?: (n: number) => string
  right?: (n: number) => string
  height?: number
  /** Called with the number of the category that was clicked. */
  open?: (category: number) => void
}

/** Chart draws figures on a canvas, in the colours of the look. It is drawn anew when its place changes its size. */
export function Chart({ label, categories, series, lying, left, right, height = 280, open }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const { token } = theme.useToken()
  const opened = useRef(open)
  opened.current = open
  useEffect(() => {
    const place = box.current
    if (!place) return
    const chart = init(place)
    const value = (format?: (n: number) => string, at?: 'right') => ({
      type: 'value',
      position: at,
      axisLabel: { color: token.colorTextSecondary, formatter: format, hideOverlap: true },
      splitNumber: place.clientWidth < 500 && lying ? 3 : 5,
      splitLine: { show: !at, lineStyle: { color: token.colorSplit } },
      minInterval: 1,
    })
    const category = {
      type: 'category',
      data: categories,
      inverse: lying,
      axisLabel: { color: token.colorTextSecondary, width: lying ? Math.min(260, Math.round(place.clientWidth * 0.32)) : undefined, overflow: lying ? 'truncate' : undefined },
      axisLine: { lineStyle: { color: token.colorSplit } },
      axisTick: { show: false },
    }
    const both = series.some((s) => s.right)
    const values = both ? [value(left), value(right, 'right')] : [value(left)]
    const option: EChartsCoreOption = {
      animation: false,
      color: [token.colorPrimary, token.colorInfo, token.colorSuccess, token.colorWarning],
      textStyle: { fontFamily: token.fontFamily, color: token.colorText },
      tooltip: {
        trigger: 'axis',
        renderMode: 'richText',
        confine: true,
        backgroundColor: token.colorBgElevated,
        borderColor: token.colorBorderSecondary,
        textStyle: { color: token.colorText },
      },
      legend: series.length > 1 ? { bottom: 0, textStyle: { color: token.colorTextSecondary } } : undefined,
      grid: { left: 8, right: 8, top: 16, bottom: series.length > 1 ? 36 : 8, containLabel: true },
      xAxis: lying ? values : category,
      yAxis: lying ? category : values,
      series: series.map((s) => ({
        name: s.name,
        type: s.bar ? 'bar' : 'line',
        data: s.data,
        showSymbol: s.data.length < 2,
        barMaxWidth: 28,
        // What stands behind curves is no more than a ground for them.
        ...(s.right && s.bar ? { itemStyle: { color: token.colorBorder }, z: 1 } : {}),
        yAxisIndex: !lying && s.right ? 1 : 0,
        tooltip: { valueFormatter: (n: unknown) => (s.right ? right : left)?.(Number(n)) ?? String(n) },
      })),
    }
    chart.setOption(option)
    chart.on('click', (e) => opened.current?.(e.dataIndex))
    const seen = new ResizeObserver(() => chart.resize())
    seen.observe(place)
    return () => {
      seen.disconnect()
      chart.dispose()
    }
  }, [categories, series, lying, left, right, token])
  return <div ref={box} role="img" aria-label={label} style={{ width: '100%', height }} />
}
