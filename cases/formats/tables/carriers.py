"""The carrier that a cell names, in the ways that offices write it.

The four networks are named by their brand, by a short form of it, by their companies of a province or a city, and by
what the card is for: 中国移动广东公司, 深圳联通, 电信物联网, CMCC. Virtual operators are 'Mobile' (移动) by name
too, so that the word alone names China Mobile only beside a place. Sources: docs/decisions/0047-reading-any-table.md.
"""

import re
import unicodedata
from collections.abc import Mapping

from cases.formats.tables.text_cache import cached_by_text
from cases.formats.tables.titles import normalize_title
from cases.formats.tables.word_lists import words_of

#: Our carriers' slugs by their usual names, normalized; the names in the database are looked up before these.
_NAMES: Mapping[str, str] = {
    name: slug
    for slug, names in {
        "china-mobile": "移动 中国移动 中移动 中移 移动公司 cmcc chinamobile mobile cm yd zgyd 10086 全球通 神州行 "
        "动感地带 中移物联 中移物联网 和多号 onelink onenet 中移onelink",
        "china-unicom": "联通 中国联通 中联通 联通公司 cucc cu unicom chinaunicom lt zglt 10010 联通物联 沃 联通沃",
        "china-telecom": "电信 中国电信 中电信 电信公司 ctcc ct telecom chinatelecom dx zgdx 10000 天翼 中国电信天翼 "
        "天翼电信 ctwing 天翼物联 天翼物联网",
        "china-broadnet": "广电 中国广电 广电网络 中广电 广电公司 中国广电网络 cbn broadnet chinabroadnet 10099 广电5g",
        "xiaomi-mobile": "小米 小米移动 小米通信 小米通讯 xiaomi xiaomimobile mimobile 米粉卡",
        "huaxiang": "华翔 华翔联信 华翔通信 华翔移动 北京华翔联信 huaxiang huaxianglianxin",
        "snail-mobile": "蜗牛 蜗牛移动 蜗牛通信 蜗牛通讯 snail snailmobile 苏州蜗牛 免卡",
        "yuante": "远特 远特通信 远特通讯 远特移动 北京远特 远特信时空 yuante yuantecommunications",
    }.items()
    for name in words_of(names)
}
_NETWORKS = {"移动": "china-mobile", "联通": "china-unicom", "电信": "china-telecom", "广电": "china-broadnet"}
#: What may stand around a network's name and leaves it what it is.
_ADDITIONS = re.compile(
    r"中国|集团|通信|通讯|网络|有限|责任|股份|总公司|分公司|子公司|公司|物联网卡?|物联卡?|电销卡?|号卡|"
    r"流量卡|手机卡|语音卡|数据卡|校园|政企|"
    r"营业厅|运营商|客户|普通|大网|主网|实体|卡|网|[2345]g|省|市|区|县|自治|壮族|回族|维吾尔|本地|全国|异地|iot|m2m|号$"
)
_PLACES = frozenset(
    words_of(
        "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 "
        "四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 内蒙 "
        "广西 西藏 宁夏 新疆 香港 澳门 石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 太原 大同 "
        "阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁 "
        "呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 "
        "朝阳 葫芦岛 长春 四平 辽源 通化 白山 松原 白城 延边 "
        "哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 南京 无锡 徐州 常州 苏州 "
        "南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 昆山 "
        "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌 合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 "
        "黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城 "
        "福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德 南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶 "
        "济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 "
        "日照 临沂 德州 聊城 滨州 菏泽 郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 "
        "商丘 信阳 周口 驻马店 武汉 黄石 十堰 宜昌 襄阳 鄂州 "
        "荆门 孝感 荆州 黄冈 咸宁 随州 恩施 长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 "
        "广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 "
        "惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 "
        "百色 贺州 河池 来宾 崇左 海口 三亚 成都 自贡 攀枝花 "
        "泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 贵阳 六盘水 遵义 安顺 毕节 "
        "铜仁 昆明 曲靖 玉溪 保山 昭通 丽江 大理 拉萨 西安 "
        "铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛 兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 "
        "陇南 西宁 银川 石嘴山 吴忠 固原 中卫 乌鲁木齐 "
        "克拉玛依 吐鲁番 哈密 喀什 华南 华东 华北 华中 西南 西北 东北 浦东 南山 福田 宝安 龙岗 龙华 天河"
    )
)
#: The first digits of the numbers of a network, beside its name: 广电192; those of virtual operators name no network.
_PREFIX = re.compile(r"(?<!\d)1(?!6[257]|7[01])[3-9]\d(?:号?段|开头|号)?(?!\d)")
_LONGEST_BANNER = 60
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】")


def carrier_slug(text: str, carriers: Mapping[str, str]) -> str | None:
    """The slug of the carrier that a text names, or None; `carriers` are slugs by normalized names."""
    normalized = normalize_title(text)
    if not normalized:
        return None
    if normalized in carriers:
        return carriers[normalized]
    slug = usual_carrier(text)
    if slug is None:
        inner = _split_brackets(text)
        slug = carriers.get(normalize_title(inner[0])) if inner[1] and usual_carrier(inner[1]) is None else None
    return slug if slug is None or not carriers or slug in carriers.values() else None


@cached_by_text(maxsize=4096)
def usual_carrier(text: str) -> str | None:
    """The slug of the carrier that a text names by a usual name, or None; texts that name two carriers name none."""
    normalized = normalize_title(text)
    normalized = normalized.removesuffix("的") or normalized  # 移动的
    if normalized in _NAMES:
        return _NAMES[normalized]
    outside, inside = _split_brackets(text)
    if inside:
        slug, other = usual_carrier(outside), usual_carrier(inside)
        return slug if other in (None, slug) and not re.search("转|虚", inside) else None
    return _network_of(normalized) or _of_all_parts(text)


def is_plain_name(text: str, carriers: Mapping[str, str]) -> bool:
    """Whether a text is a carrier's usual name, or its name in the database, and says nothing else."""
    normalized = normalize_title(text)
    return normalized in carriers or normalized in _NAMES


def carrier_in_banner(text: str, carriers: Mapping[str, str]) -> str | None:
    """The one network that a line over a table names in full: '中国联通政企客户自服务门户 集团成员明细'."""
    names = {name for name in _NETWORKS if f"中国{name}" in text}
    if len(names) != 1 or sum(name in text for name in _NETWORKS) != 1 or len(text) > _LONGEST_BANNER:
        return None
    slug = _NETWORKS[names.pop()]
    return slug if not carriers or slug in carriers.values() else None


def _of_all_parts(text: str) -> str | None:
    """The carrier that all parts of '移动/CMCC' name."""
    parts = [part for part in re.split(r"[/、,，;；|+\s]+", text) if part]
    slugs = {usual_carrier(part) for part in parts} if len(parts) > 1 else set()
    return slugs.pop() if len(slugs) == 1 else None


def _split_brackets(text: str) -> tuple[str, str]:
    folded = unicodedata.normalize("NFKC", text)
    inside = " ".join(next(filter(None, groups), "") for groups in _BRACKETS.findall(folded))
    return _BRACKETS.sub("", folded), inside


def _network_of(normalized: str) -> str | None:
    """The network in '中国移动通信集团广东有限公司': its name, and beside it only places and words of every company."""
    names = [name for name in _NETWORKS if name in normalized]
    if len(names) != 1 or len(normalized) > 30:
        return None
    slug = _NETWORKS[names[0]]
    rest = _PREFIX.sub("", _ADDITIONS.sub("", normalized.replace(names[0], " ", 1)))
    return slug if all(_is_place(piece) or _NAMES.get(piece) == slug for piece in rest.split()) else None


def _is_place(piece: str) -> bool:
    """Whether a piece is a place, or a province and a city."""
    return piece in _PLACES or any(piece[:cut] in _PLACES and piece[cut:] in _PLACES for cut in range(2, len(piece)))
