"""What titles of columns name."""

import pytest

from cases.formats.tables.titles import title_meaning


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("手机号码", "number"),
        ("手机号\n（11位）", "number"),
        ("2、您的手机号码", "number"),
        ("物联卡号", "number"),
        ("副卡号码", "number"),
        ("号码2", "number"),
        ("Phone number", "number"),
        ("SIM card no.", "number"),
        ("卡号(ICCID)", "iccid"),
        ("归属运营商", "carrier"),
        ("运营商2", "carrier"),
        ("Operator", "carrier"),
        ("客户名称", "holder"),
        ("集团客户名称", "holder"),
        ("使用人：", "user"),
        ("Assigned to", "user"),
        ("所属部门", "department"),
        ("月租（元/月）", "monthly_fee"),
        ("月租/元", "monthly_fee"),
        ("套餐(元)", "monthly_fee"),
        ("Monthly fee (CNY)", "monthly_fee"),
        ("套餐名称", "plan"),
        ("开卡\n日期", "opened_on"),
        ("Contract end date", "contract_ends_on"),
        ("合约到期", "contract_ends_on"),
        ("每个月交多少", "monthly_fee"),
        ("一个月花多少钱", "monthly_fee"),
        ("月功能费", "monthly_fee"),
        ("啥时候开的", "opened_on"),
        ("开卡", "opened_on"),
        ("现在谁在用", "user"),
        ("哪家公司的", "carrier"),
        ("拿来做什么用", "purpose"),
        ("弄到什么程度了", "status"),
        ("销掉没有", "status"),
        ("注销申请时间", "submitted_at"),
        ("注销日期", "cancelled_on"),
        ("注销原因", "reason"),
        ("退回原因", "returned_reason"),
        ("受理单号", "carrier_reference"),
        ("办理方式", "channel"),
        ("经办人", "handler"),
        ("是否已注销", "status"),
        ("当前状态", "status"),
        ("备注：", "note"),
        ("序号", "ignored"),
    ],
)
def test_a_title_names_a_field(title: str, field: str) -> None:
    meaning = title_meaning(title.replace("\n", ""))
    assert meaning is not None
    assert meaning.field == field


@pytest.mark.parametrize(
    "title",
    [
        "身份证号",
        "银行卡号",
        "IMSI",
        "员工工号",
        "号码归属地",
        "号码类型",
        "话费余额",
        "创建时间",
        "标签",
        "附件",
        "卡槽",
        "号卡信息",
        "王芳",
        "已注销",
        "移动",
        "深圳市某某公司",
        "8元保号",
        "制表人：王敏",
        "",
        "x" * 50,
    ],
)
def test_what_names_no_field(title: str) -> None:
    assert title_meaning(title) is None


def test_a_number_to_be_reached_at_is_the_cards_only_where_no_other_is() -> None:
    meaning = title_meaning("联系电话")
    assert meaning is not None
    assert (meaning.field, meaning.strength) == ("number", 0)
