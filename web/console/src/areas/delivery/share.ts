/** share writes basis points as per cent: 1234 is "12.3 %". */
export function share(bps: number): string {
  return `${(bps / 100).toFixed(1)}%`
}
