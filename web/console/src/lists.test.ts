import { expect, it } from 'vitest'

/** Everything that is shown as a list can be had as a file, and what people keep elsewhere can be brought in; where not, there is a reason. */

const sources = import.meta.glob<string>(['./areas/**/*.tsx', './parts/**/*.tsx', './shell/**/*.tsx'], { query: '?raw', import: 'default', eager: true })

const withoutExport: Record<string, string> = {
  'areas/delivery/Bulk.tsx': 'reasons counted up; the report beside them has every row',
  'areas/members/Desk.tsx': 'a form of quotas',
  'areas/reports/Board.tsx': 'lives: what it counts is in the reports, which have files',
  'areas/settings/Account.tsx': 'where one has signed in oneself',
  'parts/ColumnUpload.tsx': 'the beginning of a file that somebody has',
}

const withoutImport: Record<string, string> = {
  'areas/counter/Redemptions.tsx': 'what happened',
  'areas/coupons/Batches.tsx': 'stock is money: each change has its reason and its own audit row',
  'areas/coupons/Budgets.tsx': 'money: a few, each decided by somebody',
  'areas/coupons/Templates.tsx': 'rules are made and published one by one, with their check; programs use the API',
  'areas/delivery/AllLinks.tsx': 'belong to a placement and its page',
  'areas/delivery/Bulks.tsx': 'a bulk grant takes its members from a file',
  'areas/delivery/CodeBatches.tsx': 'codes of a batch are imported on its page',
  'areas/delivery/Lists.tsx': 'members of a list are imported on its page',
  'areas/delivery/Packs.tsx': 'as templates',
  'areas/delivery/Placements.tsx': 'belong to a template and its rules',
  'areas/delivery/Plans.tsx': 'as templates',
  'areas/members/Segments.tsx': 'a tree of conditions is no row',
  'areas/reports/Rows.tsx': 'what happened',
  'areas/reports/Shares.tsx': 'what happened',
  'areas/settings/Audit.tsx': 'what happened',
  'areas/settings/Days.tsx': 'the holidays of a year, known by their dates',
  'areas/settings/Facts.tsx': 'an outside system tells them by the API, and they expire',
  'areas/settings/Jobs.tsx': 'what happened',
  'areas/settings/Keys.tsx': 'a secret is shown once, to one person',
  'areas/settings/Markets.tsx': 'a few, each with its calendar and policies',
  'areas/settings/People.tsx': 'each gets a password and rights from somebody who knows them',
}

const with_ = (what: RegExp) => Object.entries(sources).filter(([, text]) => what.test(text)).map(([path, text]) => [path.slice(2), text] as const)

it('every table can be had as a file, or says why not', () => {
  const without = with_(/<(Table[<\s]|Table\.)/).filter(([path, text]) => path !== 'parts/ListPage.tsx' && !/<(ExportButton|SaveButton|Panel|ListPage)\b|report=|t\('import\.report'\)|file="/.test(text))
  expect(without.map(([path]) => path).sort()).toEqual(Object.keys(withoutExport).sort())
})

it('every list takes files, or says why not', () => {
  const without = with_(/<ListPage\b/).filter(([, text]) => !text.includes('<ImportButton'))
  expect(without.map(([path]) => path).sort()).toEqual(Object.keys(withoutImport))
})
