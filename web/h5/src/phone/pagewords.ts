import en from './words/page/en.json'
import cn from './words/page/zh-CN.json'
import tw from './words/page/zh-TW.json'
import { learn } from './words'

// Words of the phone pages that the card in other sites does without.
learn({ 'zh-CN': cn, 'zh-TW': tw, en })
