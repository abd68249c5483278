import { addWords } from '@/i18n'
import en from './words/en.json'
import cn from './words/zh-CN.json'
import tw from './words/zh-TW.json'

addWords('home', { 'zh-CN': cn, 'zh-TW': tw, en })
