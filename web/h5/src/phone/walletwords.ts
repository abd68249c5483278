import en from './words/wallet/en.json'
import cn from './words/wallet/zh-CN.json'
import tw from './words/wallet/zh-TW.json'
import { learn } from './words'

// Words of the wallet, the code box and the share packet, which a claim page and the card
// in other sites do without.
learn({ 'zh-CN': cn, 'zh-TW': tw, en })
