"""The empty table that people can download: the titles that are known, and made-up rows that show what is meant."""

#: In Chinese: what is filled in is Chinese, whatever language the page has.
TEMPLATE_TITLES = [
    "号码", "运营商", "机主", "使用人", "部门", "用途", "套餐", "月租(元)", "ICCID", "开卡日期", "合约到期",
    "状态", "提交时间", "受理单号", "办理渠道", "注销原因", "跟进人", "备注",
]  # fmt: skip
#: Rows with this in their notes are not taken in.
EXAMPLE_MARK = "示例行"
TEMPLATE_ROWS = [
    [
        "13800000000", "中国移动", "某某公司", "张三", "销售一部", "电销", "8元保号", "8", "", "2024-03-05",
        "2027-03-31", "审核中", "2026-09-30 15:00", "SL-4711", "营业厅", "费用", "",
        f"{EXAMPLE_MARK}，不会导入；登记了注销的这样填",
    ],
    [
        "13900000000", "中国联通", "某某公司", "李四", "客服部", "客服", "冰激凌59", "59", "", "", "",
        "", "", "", "", "", "", f"{EXAMPLE_MARK}，不会导入；只登记号卡的，状态和提交时间留空",
    ],
]  # fmt: skip
