import type { Quan } from './quan'

/** published makes a template of 5 off from 20 that can be claimed, and answers its id. */
export async function published(quan: Quan, name: string, terms: object = {}, claim: object = {}, more: object = {}): Promise<string> {
  const t = await quan.call<{ id: string }>('POST', '/v1/templates', {
    market: 'main',
    internal_name: name,
    customer_name: { en: name, 'zh-CN': name, 'zh-TW': name },
    issuer: { kind: 'platform' },
    draft: {
      terms: {
        kind: 'amount_off',
        amount_minor: 500,
        threshold_minor: 2000,
        threshold_base: 'before',
        scope: {},
        uses_per_coupon: 1,
        validity: { kind: 'days', days: 7 },
        funders: [{ kind: 'platform', code: 'platform', share_bps: 10_000 }],
        ...terms,
      },
      claim: { limits: [{ what: 'issue_count', period: 'ever', per: 'template', cap: 10_000 }], ...claim },
    },
    ...more,
  })
  await quan.call('POST', `/v1/templates/${t.id}/publish`, undefined, { 'If-Match': '"1"' })
  return t.id
}

/** member makes a member with a phone number, and answers its id. */
export async function member(quan: Quan, phone: string): Promise<string> {
  return (await quan.call<{ id: string }>('PUT', `/v1/members/phone/${encodeURIComponent(phone)}`, {})).id
}

/** claim lets a member with a phone number claim a coupon of a template, at a placement if there is one. */
export async function claim(quan: Quan, template: string, phone: string, placement?: string) {
  return quan.call<{ coupons: { id: string; number: string }[] }>('POST', '/v1/claims', { template, member: { kind: 'phone', value: phone }, channel: 'h5', ...(placement ? { placement } : {}) })
}

/** person makes somebody with roles, who has chosen a password already. */
export async function person(quan: Quan, login: string, roles: string[], scope: object = {}): Promise<{ login: string; password: string }> {
  const [first, password] = ['the first password', `the password of ${login}`]
  await quan.call('POST', '/v1/people', { login, name: login, password: first, roles, scope })
  const send = (path: string, body: object, cookie = '') => fetch(quan.url + path, { method: 'POST', headers: { 'Content-Type': 'application/json', Cookie: cookie }, body: JSON.stringify(body) })
  const cookie = (await send('/v1/sessions', { login, password: first })).headers.get('Set-Cookie') ?? ''
  const changed = await send('/v1/account/password', { old: first, password }, cookie)
  if (!changed.ok) throw new Error(await changed.text())
  return { login, password }
}

/** linked places a template on a phone page, and answers the code of a link to it. */
export async function linked(quan: Quan, template: string, name = 'phone page'): Promise<{ code: string; placement: string }> {
  return quan.call('POST', '/v1/links', { template, name })
}

/** sentCode is the newest sign-in code that the program has logged. */
export const sentCode = (quan: Quan, from = 0) => [...quan.log().slice(from).matchAll(/sign-in code.*?code"?[=:]"?(\d{6})/g)].pop()?.[1] ?? ''
