"""Bring what people type, in whatever shape, to one plain form that the lexicon's words can be found in."""

from __future__ import annotations

import re
import unicodedata

# Letters, digits and the punctuation that ends or joins clauses stay; emoji and control characters go.
_NOISE = re.compile(r"[^\w,。!?;:、.%\-]+")
# A space between longer runs stands for a comma; old people and voice input also put spaces between single
# characters (着 火 了), and those say nothing.
_PAUSE = re.compile(r"(?<=\w{3})[ \t]+(?=\w{3})")
_LINE_BREAK = re.compile(r"[\r\n]+")

# Only the traditional characters that the lexicon's own words could be written with.
_TRADITIONAL = (
    "溝電燈橋來沒壞機溉飲農業產銷醫療養報銷險補貼貸種豬雞鴨魚戶證開爛斷錢發貨買賣車輛禮樓"
    "鄰爭鬥罵殺槍傷暈嚇駕駛撞倒燒滅災煙爆滾滑淹頭顱餵藥喫對錯這邊裏裡們個為與從給過還進遠近"
    "門鎖鐵鋼線桿網絡號碼話費繳納戴貧窮殘疾婦兒孫孩爺媽爹婆寡獨聾啞盲瘋癱腦臟腫癌診觸"
    "認識臉領導幹書記選舉態處級長會議務財據賬單徵遷補償還債欠薪資約離婚撫贍訴訟災擾"
    "垃圾廁臭氣溫濕澇旱渠壩庫沖塌濱岸穀麥蘋棗櫻蔥蒜薑棉葉蟲蠅鼠貓獸瘡禽檢驗"
    "學校園習師遲誤勞動廠礦場職創訓築磚牆樑頂漏崗鄉鎮縣陝張遺繼續復舊區隊組織歲齡壽喪葬墳"
    "無應該請幫嗎麼樣誰東兩張關係現點請問説說講寫讀聽見覺讓變換轉輸電壓纜纏煤爐暖氣罐"
)
_SIMPLIFIED = (
    "沟电灯桥来没坏机溉饮农业产销医疗养报销险补贴贷种猪鸡鸭鱼户证开烂断钱发货买卖车辆礼楼"
    "邻争斗骂杀枪伤晕吓驾驶撞倒烧灭灾烟爆滚滑淹头颅喂药吃对错这边里里们个为与从给过还进远近"
    "门锁铁钢线杆网络号码话费缴纳戴贫穷残疾妇儿孙孩爷妈爹婆寡独聋哑盲疯瘫脑脏肿癌诊触"
    "认识脸领导干书记选举态处级长会议务财据账单征迁补偿还债欠薪资约离婚抚赡诉讼灾扰"
    "垃圾厕臭气温湿涝旱渠坝库冲塌滨岸谷麦苹枣樱葱蒜姜棉叶虫蝇鼠猫兽疮禽检验"
    "学校园习师迟误劳动厂矿场职创训筑砖墙梁顶漏岗乡镇县陕张遗继续复旧区队组织岁龄寿丧葬坟"
    "无应该请帮吗么样谁东两张关系现点请问说说讲写读听见觉让变换转输电压缆缠煤炉暖气罐"
)
_TO_SIMPLIFIED = str.maketrans(_TRADITIONAL, _SIMPLIFIED)


def normalise(text: str, limit: int) -> str:
    """The first `limit` characters of `text` in plain form: half-width, simplified, lower case, no noise."""
    # Noise may be long; twice the limit is read so that a few emoji in front do not hide the words.
    plain = unicodedata.normalize("NFKC", text[: 2 * limit]).lower()
    plain = _LINE_BREAK.sub("。", _PAUSE.sub(",", plain))
    return _NOISE.sub("", plain)[:limit].translate(_TO_SIMPLIFIED)
