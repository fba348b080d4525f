"""The fields that columns of a table may be, and the titles that name them outright, normalized."""

from typing import Literal

Field = Literal[
    "number", "carrier", "holder", "user", "department", "purpose", "plan", "monthly_fee", "iccid", "opened_on",
    "contract_ends_on", "note", "status", "submitted_at", "cancelled_on", "returned_on", "returned_reason",
    "carrier_reference", "channel", "reason", "handler",
    "refund_amount", "refund_received", "refund_status", "refund_due_on", "refund_received_on", "custom", "ignored",
]  # fmt: skip
#: Every field that a column may be; pages offer them in this order.
FIELDS: tuple[Field, ...] = (
    "number", "carrier", "holder", "user", "department", "purpose", "plan", "monthly_fee", "iccid", "opened_on",
    "contract_ends_on", "note", "status", "submitted_at", "cancelled_on", "returned_on", "returned_reason",
    "carrier_reference", "channel", "reason", "handler",
    "refund_amount", "refund_received", "refund_status", "refund_due_on", "refund_received_on", "custom", "ignored",
)  # fmt: skip

#: Fields of days, and of sums in yuan.
DAY_FIELDS: frozenset[Field] = frozenset(
    {
        *("opened_on", "contract_ends_on", "submitted_at", "cancelled_on", "returned_on"),
        *("refund_due_on", "refund_received_on"),
    }
)
AMOUNT_FIELDS: frozenset[Field] = frozenset({"monthly_fee", "refund_amount", "refund_received"})


def _combined(heads: str, things: str, ends: str) -> str:
    """Every title of a beginning, what it is about, and an end (by commas): '承诺到账日'."""
    return " ".join(
        f"{head}{thing}{end}" for head in heads.split() for thing in things.split() for end in ends.split(",")
    )


#: The titles that name a field outright, normalized.
TITLE_NAMES: dict[Field, str] = {
    "number": (
        "号码 手机 手机号 手机号码 移动电话 移动电话号码 电话 电话号码 电话号 卡号 号卡 号卡号码 电销卡 "
            "电销卡号 电销卡号码 电销号码 "
        "sim卡号 sim卡 sim卡号码 sim号 卡号码 物联卡号 物联网卡号 物联卡号码 物联网号码 接入号 接入号码 "
            "业务号码 用户号码 "
        "服务号码 计费号码 设备号码 线路号码 外呼号码 外显号码 主叫号码 工作号 工作号码 工作手机 "
            "工作手机号 工作电话 公司号码 公司手机号 "
        "公司电话 主号 主号码 主卡 主卡号 主卡号码 副号 副号码 副卡 副卡号 副卡号码 备用号 备用号码 号码1 "
            "手机卡 手机卡号 "
        "使用号码 在用号码 注销号码 销户号码 待注销号码 办理号码 申请号码 号码明细 号码清单 号段 号码段 "
            "msisdn number phone phonenumber "
        "phoneno mobile mobilenumber mobileno mobilephone cellphone cell cellnumber cardnumber simnumber "
            "simcardnumber simcardno simno "
        "telephone telephonenumber tel telno subscribernumber servicenumber line linenumber accessnumber phones numbers"
    ),
    "carrier": (
        "运营商 营运商 归属运营商 所属运营商 运营商名称 号码运营商 电信运营商 通信运营商 网络运营商 运营商归属 "
            "归属网络 所属网络 网络 服务商 通信商 "
        "通讯商 网别 号卡运营商 卡运营商 运营商公司 carrier operator network provider mobileoperator "
            "networkoperator telco isp serviceprovider"
    ),
    "holder": (
        "机主 机主姓名 机主名称 户主 户名 户主姓名 开户人 开户名 开户名称 开户姓名 实名 实名人 实名姓名 "
            "实名人姓名 实名信息 实名主体 实名公司 "
        "实名登记人 登记人 登记主体 登记名称 主体 使用主体 开户主体 开户公司 开户单位 归属公司 所属公司 "
            "公司 公司名称 公司主体 企业 企业名称 "
        "单位 单位名称 客户名称 客户姓名 客户 号主 产权人 产权单位 产权客户 办卡人 入网人 认证主体 过户人 "
            "holder owner company companyname "
        "accountname accountholder registeredto registeredowner legalowner subscriber customer customername entity"
    ),
    "user": (
        "使用人 使用者 用户 用户姓名 使用人姓名 实际使用人 当前使用人 现使用人 使用员工 使用人员 员工 "
            "员工姓名 姓名 名字 人员 人员姓名 领用人 "
        "领卡人 领用人姓名 保管人 持卡人 持有人 坐席 座席 坐席姓名 话务员 业务员 销售 销售人员 销售员 "
            "使用人名 责任使用人 "
        "user username usedby assignedto employee employeename name fullname person staff agentname cardholder"
    ),
    "department": (
        "部门 所属部门 使用部门 归属部门 部门名称 所在部门 用卡部门 领用部门 申请部门 组别 小组 团队 "
            "所属团队 所属小组 班组 科室 "
        "事业部 部门团队 部门组别 department dept team division unit costcenter group"
    ),
    "purpose": "用途 使用用途 号卡用途 卡用途 号码用途 使用目的 使用场景 usedfor purpose usage use",
    "plan": (
        "套餐 套餐名称 套餐类型 套餐资费 资费套餐 主套餐 主资费 资费方案 资费名称 资费计划 套餐内容 "
            "套餐明细 套餐档位 套餐详情 资费类型 "
        "产品名称 产品套餐 当前套餐 现套餐 plan planname tariff package rateplan subscription bundle dataplan"
    ),
    "monthly_fee": (
        "月租 月费 月租费 月租金 月租费用 月租金额 套餐费 套餐费用 套餐金额 套餐月费 套餐月租 套餐价格 "
            "月固定费 月基本费 月功能费 月使用费 月资费 "
        "每月费用 每月资费 月费用 每月月租 月消费 月低消 最低消费 低消 费用 资费 资费标准 资费金额 月度费用 "
        "monthlyfee monthlyfeeyuan fee monthlycost monthlyrent rent costpermonth monthlycharge mrc "
            "feepermonth cost price"
    ),
    "iccid": (
        "iccid iccid号 iccid号码 iccid卡号 sim卡串号 串号 卡串号 sim串号 sim序列号 sim卡序列号 卡序列号 "
            "uim卡号 usim卡号 卡板号 芯片号 "
        "集成电路卡识别码 iccidnumber simserial simserialnumber simid"
    ),
    "opened_on": (
        "开卡日期 开卡时间 开卡日 开户日期 开户时间 入网日期 入网时间 激活日期 激活时间 开通日期 开通时间 "
            "办卡日期 办卡时间 启用日期 启用时间 "
        "开号日期 开号时间 入网日 激活日 开通日 开户日 装机时间 装机日期 开始使用日期 activationdate "
            "activated activatedon opened openedon openingdate "
        "startdate dateactivated dateopened activation"
    ),
    "contract_ends_on": (
        "合约到期 合约到期日 合约到期时间 合约到期日期 合同到期 合同到期日 合同到期时间 合同到期日期 "
            "合约结束 合约结束日期 合约结束时间 合约期至 "
        "合约截止 合约截止日期 合约截止时间 合同截止日期 协议到期 协议到期日 协议到期时间 协议到期日期 "
            "到期 到期日 到期时间 到期日期 套餐到期 "
        "套餐到期日 套餐到期时间 套餐到期日期 有效期 有效期至 截止日期 服务到期 服务到期时间 contractends "
            "contractend contractenddate contractexpiry "
        "contractexpires expiry expires expirydate expirationdate expireson enddate contractendson validuntil"
    ),
    "note": "备注 备注说明 备注信息 说明 情况说明 其他说明 其它说明 备注1 备注2 备注一 备注二 附注 注 注释 "
        "特殊说明 note notes remark remarks comment comments memo",
    "status": (
        "状态 当前状态 号码状态 卡状态 号卡状态 使用状态 注销状态 销户状态 注销进度 销户进度 进度 办理进度 "
            "办理状态 处理状态 处理进度 业务状态 申请状态 "
        "审核状态 受理状态 工单状态 注销情况 销户情况 办理情况 处理情况 处理结果 办理结果 注销结果 "
            "最新状态 目前状态 现状态 用户状态 服务状态 卡片状态 "
        "sim卡状态 生命周期 在网状态 进展 status state progress cancellationstatus simstatus requeststatus"
    ),
    "submitted_at": (
        "提交时间 提交日期 办理时间 办理日期 申请时间 申请日期 注销申请时间 注销申请日期 销户申请日期 销户申请时间 "
            "申请注销日期 申请注销时间 注销提交时间 注销提交日期 提交注销时间 "
        "提交注销日期 申请销户日期 申请销户时间 受理时间 受理日期 递交日期 递交时间 申请日 提交日 "
            "报停申请日期 submitted submittedat submittedon submission "
        "submissiondate requestdate requested requestedon appliedon applicationdate dateofrequest "
            "daterequested datesubmitted"
    ),
    "cancelled_on": (
        "注销日期 注销时间 注销日 销户日期 销户时间 销户日 销号日期 销号时间 拆机日期 拆机时间 "
            "注销完成日期 注销完成时间 完成日期 完成时间 办结日期 办结时间 "
        "注销成功日期 注销成功时间 实际注销日期 实际注销时间 注销生效日期 离网时间 离网日期 "
            "退网日期 cancelledon canceledon cancellationdate "
        "terminationdate terminatedon closedon closingdate datecancelled datecanceled completedon cancelledat "
        "canceledat"
    ),
    "returned_on": "退回日期 退回时间 驳回日期 驳回时间 退单日期 退单时间 打回时间 returnedon rejectedon",
    "returned_reason": (
        "退回原因 驳回原因 退单原因 拒绝原因 打回原因 未通过原因 不通过原因 失败原因 注销失败原因 退回理由 "
            "驳回理由 reasonforreturn rejectionreason returnreason"
    ),
    "carrier_reference": (
        "受理单号 工单号 工单编号 受理编号 受理号 受理工单号 业务单号 业务流水号 流水号 受理流水号 "
            "业务受理单号 申请单号 申请编号 运营商工单号 运营商单号 回执号 "
        "回执单号 单号 投诉单号 服务单号 办理单号 订单号 订单编号 carriersreference carrierreference "
            "reference referenceno referencenumber ticket ticketno "
        "ticketnumber orderno ordernumber caseno casenumber ref refno"
    ),
    "channel": (
        "办理方式 办理渠道 渠道 申请渠道 申请方式 提交方式 提交渠道 注销方式 注销渠道 受理渠道 办理途径 "
            "销户方式 方式 channel howitisaskedfor method via submittedvia"
    ),
    "reason": (
        "注销原因 原因 销户原因 停用原因 申请原因 注销理由 销户理由 申请理由 销号原因 注销事由 reason "
            "reasonforcancellation cancellationreason terminationreason whycancelled"
    ),
    "handler": (
        "处理人 经办人 经办 负责人 跟进人 办理人 责任人 对接人 跟踪人 承办人 跟进人员 处理人员 办理人员 "
            "经手人 受理人 申请人 handler assignee responsible "
        "handledby owneroftherequest casehandler processedby"
    ),
    "refund_amount": (
        "应退余额 应退金额 应退费用 应退款 应退费 退费金额 退款金额 退还金额 待退款 待退金额 待退余额 待退费 可退余额 "
            "可退金额 退费余额 余额退费 余额退款 refundamount refunddue amounttorefund"
    ),
    "refund_received": (
        "实退 实收 实退款 实退费 实退余额 退回金额 实际退款 实际退费 amountrefunded refundreceived refundedamount "
        + _combined("实退 实收 已退 已收 实际退款 实际退费 实际到账 退款到账 退费到账 到账", "金额", "")
    ),
    "refund_status": (
        "退款状态 退费状态 退款情况 退费情况 退款进度 退费进度 退款结果 退费结果 是否退款 是否退费 refundstatus"
    ),
    "refund_due_on": (
        "应退日期 退费期限 退款期限 退费截止日期 退款截止日期 refundby refundduedate refunddueon "
        + _combined("预计 承诺 约定 答应 计划 应", "退款 退费 到账 退款到账 退费到账", "日,日期,时间")
    ),
    "refund_received_on": (
        "refundedon refundreceivedon refunddate 退款日期 退费日期 退款时间 退费时间 "
        + _combined("退款 退费 实际 实际退款 实际退费", "到账", "日,日期,时间")
        + " 到账日期 到账日 到账时间 实际退款日期 实际退费日期"
    ),
    "ignored": "序号 序 行号 no # 编号 项次 sn srno serialno seq index rowno",
}  # fmt: skip
