import { Flex, Tag } from 'antd'

/** Words are tags beside each other. */
export function Words({ of }: { of: string[] }) {
  if (of.length === 0) return <>–</>
  return (
    <Flex wrap gap={4} component="span">
      {of.map((x, i) => (
        <Tag key={i}>{x}</Tag>
      ))}
    </Flex>
  )
}
