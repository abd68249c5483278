/** The nonce of this page, which styles made by scripts have to carry. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''

// Some parts of antd (the one that measures scroll bars) make style elements without
// the nonce that its settings name, and the policy refuses them.
const create = document.createElement.bind(document)
document.createElement = ((name: string, options?: ElementCreationOptions) => {
  const e = create(name, options)
  if (nonce && name.toLowerCase() === 'style') e.nonce = nonce
  return e
}) as typeof document.createElement
