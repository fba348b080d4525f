"""The words by which people say where a cancellation stands, as patterns over texts without spaces and marks."""

import re

from cases.formats.tables.readings import CaseStatus

#: What a cancellation is called; `LOOSE` has the bare 销 of everyday speech too, but not that of sales (营销, 销售).
CANCEL = r"(?:注销|销户|销号|销卡|拆机|退网|离网)"
LOOSE = rf"(?:{CANCEL}|(?<![营电推促外直代取撤核报])(?<!(?<!已)经)销(?![售量路户号卡]))"
_CARRIER = r"(?:客服|运营商|营业厅|客户经理|热线|平台|移动|联通|电信|广电|10086|10010|10000|10099)"

#: What denies the rest of a text wherever it stands: nobody wants it any more, or somebody only asks.
DENIALS = re.compile(
    r"(用户|机主|本人|员工|使用人|客户)(已)?(拒绝|不同意|不愿|不想|不肯)|"
    rf"(不|别|勿|甭|无需|无须)(再|要|予|用|需|必|能|可以?|准|让|给|想|打算|准备|去|急着?|考虑|先|办理?|申请){{0,3}}{LOOSE}|"
    rf"(取消|撤销|撤回|放弃|停止|暂缓)(了|再)?.{{0,2}}{CANCEL}|已?(撤回|撤销|撤单|作废)|"
    rf"{CANCEL}?.{{0,2}}(是否|能否)|{CANCEL}?(吗|么)$|"
    r"(not|never|dont|wont|cannot|hasnt|isnt|arent|wasnt)(yet|been|be|to|going|currently)*"
    r"(cancel|submit|request|terminat|clos|deactivat|appl|complet|done|resolv|process|review)|"
    r"incomplete|unresolved|withdrawn|revoked"
)
#: What a part of a text says of what has not been done, or is not sure.
NOT_YET = re.compile(
    rf"(没有?|未|尚未|还没|暂未|暂不|先不|暂缓)(有|能|去|来得及|开始|完全|正式)?"
    rf"(申请|提交|受理|办理?|弄|搞|处理|动|去|交|报|递|做|管)?(好|成|完|下来)?({LOOSE}(掉|成功?|完|了)?)?$"
)
DOUBTS = re.compile("可能|疑似|好像|应该|据说|听说|不确定|不清楚|不知道|估计|大概|也许|貌似|maybe|perhaps|probably")
#: What the company itself is about, before anything goes to the carrier.
WITHIN_COMPANY = re.compile(
    r"(?<![a-z])oa(?![a-z])|钉钉|飞书|企业?微信审批|内部|走流程|(领导|老板|总|经理|主管|公司|部门|财务|行政|法务)"
    r"(已|还没|未|正在)?(审批|签字|签批|批准|批了|同意|盖章)|等.{0,4}(签字|盖章|审批)"
)
#: Money that comes back is no request that comes back.
MONEY_RETURNED = re.compile(
    r"(余额|话费|押金|预存款?|费用|款项?|钱)(已|会|将|要)?(全部|全额|原路)?(退回|退还|返还|返回)"
)

#: The standings by their words, in the order in which they are looked for.
_PATTERNS: tuple[tuple[str, CaseStatus], ...] = (
        (r"已经?重新(提交|申请|递交|上报)|(?<![需要待请可应])重新(提交|申请|递交|上报)了", "submitted"),
        (rf"退回|退单|退件|驳回|打回|拒绝|被拒|拒办|不予|(未|不|没)(获|有|能)?(通过|成功|批)|不(予)?受理|(注销|销户|办理|申请|"
            rf"审核)失败|^失败|不(能|给|让|肯)办|办不了|办不下来|{LOOSE}不(了|掉|成)|无法(办理|注销|销户)|"
            rf"returned|rejected|declined|refused|failed", "returned"),
        (rf"(已|完成|办结|办完|成功|注销|销户|销号|答复|反馈|回复).{{0,6}}(待|等待|未|需|尚未|等)(我方|我们|"
            rf"公司)?(核实|确认|验证|核查|复核|核验|查证|验收|核$)|已{CANCEL}.{{0,4}}等(短信|通知|消息)|"
            rf"{_CARRIER}.{{0,2}}(说|称|告知|反馈|回复|答复|表示).{{0,4}}((已经?|都){LOOSE}|{LOOSE}(好|掉|完|成功)?了$)|"
            rf"toverify|tobeverified|unverified", "reported_done"),
        (rf"(待|等待?|拟|准备|需要?|须|要|计划|打算|预备|应|想|将){{1,2}}(办理|申请|提交)?{CANCEL}|^(待|"
            rf"等待?|准备|拟)(提交|申请|办理)(申请)?$|"
            rf"(待|拟|需|要|再|去|来|统一|自动|准备|打算|计划|将|一起){LOOSE}$|"
            rf"(下个?月|下周|明年|明天|月底|年底|回头|以后|之后|过几天){LOOSE}$|"
            rf"tobecancell?ed|tocancel|plannedtocancel", "draft"),
        (rf"(已|申请|提交|等待?|待|在).{{0,4}}{CANCEL}(申请)?(已)?(中|待|等).{{0,4}}(审核|审批|受理|处理|"
            rf"回复)|(提交|申请|递交|上报).{{0,4}}(待|等待?)(审核|审批|受理|处理|回复|答复|反馈)|^(待|"
            rf"等待?)(运营商)?(审核|受理|回复|答复|反馈)", "submitted"),
        (rf"^(已|正在)?申请{CANCEL}中$|^提交(审核|申请|审批)$", "submitted"),
        (rf"(审核|审查|受理|处理|办理|复核|核查|跟进|{CANCEL}).{{0,2}}(中|ing)$|^在办$|正在(审核|受理|处理|办|弄|"
            rf"{CANCEL})|在(弄|办|处理|办理|跟|跟进|推进)(了|着)?$|(弄|办|处理|跟进)着|已经?(受理|接单|派单)|受理了$|"
            rf"inreview|underreview|processing|inprogress", "under_review"),
        (r"(超时|逾期|一直|迟迟|至今|还|仍)?(未|没有?|无|不)(给|有|见)?(运营商)?(回复|回音|答复|反馈|消息|下文|动静)|"
            r"催(了|过|办).{0,4}(次|回|遍)?|noreply|noanswer|noresponse", "submitted"),
        (rf"(申请|提交|递交)(了|过)?{CANCEL}(了|过)$", "submitted"),
        (rf"等待?(着)?(短信|通知|消息|回复|回音|结果|生效|处理|受理|{_CARRIER}|审核|\d+个?(天|工作日|小时))|"
            rf"(说|称|告知|回复)(要|需要?|等|大概)?\d+.{{0,3}}(天|工作日|小时)", "submitted"),
        (rf"(已|刚|申请|提交|递交|上报)(经)?.{{0,4}}(申请|提交|递交|上报|报送|寄出|发起).{{0,4}}|"
            rf"{CANCEL}申请(已|中)|^(已|申请)(申请|提交)?{CANCEL}?中$|^申请{CANCEL}$|^(已)?(申请|提交)了?$|"
            rf"^申请中|^(提交|申请|递交|交|报|递)(上去|过去|过)?了|(材料|资料|申请)(都|已)?(交|收|递|寄|报)(上去|过去)?了|"
            rf"已报.{{0,8}}{CANCEL}|已(寄|交|发|报|递)(了)?(材料|资料|函|申请|单)|(邮件|函|材料|资料|交|报|递|寄|发)给(了)?{_CARRIER}|"
            rf"(交|报|递|寄)(上去|过去)了|"
            rf"submitted|requested|applied|pendingwith|"
            rf"(with|awaiting|waitingfor)(the)?(carrier|operator)", "submitted"),
        (rf"已.{{0,2}}{LOOSE}|{CANCEL}(已)?(成功|完成|完毕|生效)|{LOOSE}(好|掉|完|成)?了|{LOOSE}(掉|好|完)$|^{CANCEL}$|"
            rf"cancell?ed|terminated|deactivated|closed", "confirmed"),
        (r"已?(办结|办完|办理完|办妥|办好|弄好|弄完|搞好|搞定|完结|完事)|已(处理)?(完成|完毕|处理|办理|解决|结案)|"
            r"(办理|处理)(成功|完成|完毕)|^(完成|办结|结案)|^ok了?$|completed|done|resolved", "reported_done"),
)  # fmt: skip
STANDINGS = tuple((re.compile(pattern), status) for pattern, status in _PATTERNS)
#: Words that are the whole of a status, so that nothing of it need be kept beside the case.
PLAIN_WORDS = re.compile(
    rf"[已被正在待拟准备需要未]*(提交|申请|审核|受理|处理|办理|退回|驳回|打回|退单|办结|完成|核实|确认|"
    rf"成功|中|{CANCEL}|已|被|待|拟|等待|的|号码|号卡|卡|运营商|方)*|"
    r"(cancell?ed|submitted|requested|applied|returned|rejected|declined|refused|failed|terminated|deactivated|closed|"
    r"completed|done|resolved|inreview|underreview|processing|inprogress|tobecancell?ed|cancell?ationrequested)"
)
#: What a card does while nobody has asked for anything.
IN_SERVICE = re.compile(
    r"^要$|^留|保留|继续|不动|^keep|正常|静默|可测|过户|转让|暂停|在用|使用|启用|停机|停用|停复机|停止|欠费|激活|测试|库存|备用|闲置|空闲|沉默|"
    r"单停|双停|报停|挂失|丢失|开机|关机|保号|在网|预开|封停|冻结|限制|异常|可用|不可用|active|suspend|"
    r"idle|spare|stock|normal|inuse|lost|barred|blocked",
    re.IGNORECASE,
)
