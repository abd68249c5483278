package demo

import (
	"fmt"
	"strconv"
	"strings"
)

// kind is what a member looks for; each has categories of the catalogue.
type kind int

const (
	leaf kind = iota
	root
	fruit
	premium
	meat
	egg
	seafood
	ready
	dumpling
	household
	staple
	kinds
)

var categories = [kinds]string{"fresh/vegetable/leaf", "fresh/vegetable/root", "fresh/fruit/daily", "fresh/fruit/premium",
	"fresh/meat", "fresh/egg", "fresh/seafood", "frozen/ready", "frozen/dumpling", "household/daily", "staple/grain"}

// slow says which goods lie too long: leafy vegetables and ready-to-cook dishes.
func (k kind) slow() bool { return k == leaf || k == ready }

func (k kind) vegetable() bool { return k == leaf || k == root }

// good is one item that the shop sells.
type good struct {
	kind             kind
	sku, name, brand string
	minor            int64
}

// shelf is a line for each kind: name, brand (鲜邻 is the shop's own), price in fen.
var shelf = [kinds]string{
	leaf:      "菠菜 300g 鲜邻 398|小青菜 400g 鲜邻 350|生菜 300g 鲜邻 380|油麦菜 350g 鲜邻 420|空心菜 400g 鲜邻 450|茼蒿 300g 鲜邻 520|韭菜 300g 鲜邻 360|芹菜 500g 鲜邻 430|娃娃菜 3棵 鲜邻 590|上海青 400g 鲜邻 390|苋菜 350g 鲜邻 480|鸡毛菜 300g 崇明农场 560|有机菠菜 250g 崇明农场 980|有机生菜 250g 崇明农场 920",
	root:      "土豆 750g 鲜邻 420|胡萝卜 500g 鲜邻 350|番茄 500g 鲜邻 590|黄瓜 500g 鲜邻 480|西兰花 400g 鲜邻 690|茄子 500g 鲜邻 460|青椒 300g 鲜邻 420|洋葱 600g 鲜邻 330|山药 500g 鲜邻 890|玉米 2根 鲜邻 650|莲藕 500g 鲜邻 780|白萝卜 800g 鲜邻 290|冬瓜 1kg 鲜邻 360|香菇 250g 鲜邻 690|金针菇 200g 鲜邻 350",
	fruit:     "红富士苹果 1kg 鲜邻 1290|皇冠梨 1kg 鲜邻 1190|香蕉 1kg 佳农 990|蜜桔 1kg 鲜邻 1080|脐橙 1kg 农夫山泉 1590|火龙果 2个 鲜邻 1480|猕猴桃 6个 佳沛 1890|葡萄 500g 鲜邻 1380|西瓜 半个 鲜邻 1680|柠檬 4个 鲜邻 780|哈密瓜 半个 鲜邻 1280",
	premium:   "智利车厘子 500g 佳农 4990|丹东草莓 500g 鲜邻 3990|阳光玫瑰 500g 鲜邻 2990|金枕榴莲肉 300g 鲜邻 5990|蓝莓 250g 佳沃 2490",
	meat:      "猪前腿肉 500g 双汇 1690|猪里脊 400g 双汇 1890|五花肉 500g 双汇 2190|排骨 500g 双汇 2990|肉末 300g 双汇 1190|牛腩 500g 恒都 3990|牛腱 500g 恒都 4290|肥牛卷 300g 恒都 3290|鸡胸肉 500g 圣农 1390|鸡翅中 500g 圣农 2490|鸡腿 600g 圣农 1790|鸭腿 500g 圣农 1690|羊肉卷 300g 恒都 3590",
	egg:       "鲜鸡蛋 10枚 德青源 1290|鲜鸡蛋 30枚 德青源 3290|土鸡蛋 10枚 鲜邻 1690|鹌鹑蛋 20枚 鲜邻 1190|咸鸭蛋 6枚 鲜邻 1380|皮蛋 6枚 鲜邻 1280",
	seafood:   "鲈鱼 1条 鲜邻 2290|草鱼块 500g 鲜邻 1690|带鱼段 500g 獐子岛 2590|基围虾 400g 鲜邻 3690|虾仁 250g 国联 2890|花蛤 500g 鲜邻 1290|三文鱼 200g 鲜邻 4590|巴沙鱼 500g 国联 1790|鱿鱼 400g 獐子岛 2190",
	ready:     "宫保鸡丁 300g 味知香 1890|鱼香肉丝 300g 味知香 1790|糖醋里脊 350g 味知香 2190|酸菜鱼 500g 叮叮懒人菜 2690|黑椒牛柳 250g 味知香 2490|梅菜扣肉 400g 安井 2390|小酥肉 300g 安井 1990|水煮牛肉 400g 叮叮懒人菜 2890|狮子头 4个 安井 2290|红烧带鱼 300g 味知香 2590|番茄牛腩 400g 叮叮懒人菜 2790|手抓饼 10片 安井 1590",
	dumpling:  "猪肉白菜水饺 500g 湾仔码头 2390|韭菜鸡蛋水饺 500g 湾仔码头 2190|三鲜水饺 500g 思念 1990|玉米蔬菜水饺 450g 三全 1890|黑芝麻汤圆 500g 思念 1490|鲜肉馄饨 400g 三全 1690|虾仁馄饨 300g 湾仔码头 2290|奶黄包 6个 安井 1290",
	household: "抽纸 6包 维达 1690|卷纸 10卷 清风 2290|洗洁精 1kg 立白 1190|洗衣液 2kg 蓝月亮 2990|垃圾袋 5卷 鲜邻 990|保鲜膜 30m 妙洁 890|厨房纸 2卷 维达 1290|牙膏 120g 云南白药 1590|洗手液 500ml 蓝月亮 1390|百洁布 5片 妙洁 690|洗衣皂 4块 立白 1090|一次性手套 100只 妙洁 590",
	staple:    "东北大米 5kg 十月稻田 3990|长粒香米 2.5kg 十月稻田 2490|中筋面粉 2.5kg 金龙鱼 1690|挂面 1kg 金沙河 890|花生油 1.8L 鲁花 5490|菜籽油 1.8L 金龙鱼 3290|生抽 1L 海天 1190|陈醋 500ml 水塔 690|食盐 400g 中盐 250|小米 1kg 十月稻田 1290|燕麦片 1kg 桂格 2490|鲜牛奶 950ml 光明 1590|酸奶 8杯 光明 1490|豆腐 400g 清美 380|豆浆 1L 清美 890",
}

// merchants by code; the second sells household goods.
var merchants = map[string]string{"xianlin": "鲜邻生鲜", "jiayong": "家用百货"}

// places are the stores: code, name, city.
var places = [...][3]string{
	{"xl-xuhui", "鲜邻徐汇店", "shanghai"}, {"xl-pudong", "鲜邻浦东店", "shanghai"}, {"xl-minhang", "鲜邻闵行店", "shanghai"},
	{"xl-xihu", "鲜邻西湖店", "hangzhou"}, {"xl-gusu", "鲜邻姑苏店", "suzhou"},
}

// stock reads the shelf, by kind.
func stock() [kinds][]good {
	var all [kinds][]good
	for k := range kinds {
		for n, text := range strings.Split(shelf[k], "|") {
			rest, price := cut(text)
			name, brand := cut(rest)
			minor, err := strconv.ParseInt(price, 10, 64)
			if err != nil {
				panic("demo: shelf: " + text) // a test reads the whole shelf
			}
			all[k] = append(all[k], good{kind: k, sku: fmt.Sprintf("demo-%02d%02d", k, n+1), name: name, brand: brand, minor: minor})
		}
	}
	return all
}

// cut divides at the last space.
func cut(text string) (before, after string) {
	i := strings.LastIndexByte(text, ' ')
	return text[:i], text[i+1:]
}

func (g *good) merchant() string {
	if g.kind == household {
		return "jiayong"
	}
	return "xianlin"
}
