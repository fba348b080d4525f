"""Codes and passwords, in whatever spelling, and what is left when they are blacked out. Every text is synthetic."""

import time

import pytest

from cases.formats.sms.one_time_codes import blacken_codes, contains_code, is_blackened

#: Each with what is kept of it.
CODES = [
    ("【中国移动】您的验证码是123456，请勿泄露。", "【中国移动】您的验证码是■■■■■■，请勿泄露。"),
    ("【中国移动】您的认证码为604112，请勿告知他人。", "【中国移动】您的认证码为■■■■■■，请勿告知他人。"),
    ("【中国移动】登录码604112", "【中国移动】登录码■■■■■■"),
    ("【中国联通】校验号：604112，用于销户。", "【中国联通】校验号：■■■■■■，用于销户。"),
    ("激活码 604112", "激活码 ■■■■■■"),
    ("您的PIN2码为12345678", "您的PIN2码为■■■■■■■■"),
    ("您号码13800138000的PUK是12345678", "您号码13800138000的PUK是■■■■■■■■"),
    ("881254（注销验证）", "■■■■■■（注销验证）"),
    ("验证码(Code):604112", "验证码(Code):■■■■■■"),
    ("口令Q7K2，用于注销", "口令■■■■，用于注销"),
    ("授权码：Q7K2", "授权码：■■■■"),
    ("【中国联通】销户授权码：604112，当日有效。", "【中国联通】销户授权码：■■■■■■，当日有效。"),
    (
        "【中国广电】注销服务密码重置：新密码为604112，请修改。",
        "【中国广电】注销服务密码重置：新密码为■■■■■■，请修改。",
    ),
    ("服务密码已重置为Ab@1234!", "服务密码已重置为■■■■■■■■"),
    ("口令：甲子417。凭口令办理", "口令：■■■■■。凭口令办理"),
    ("Your verification code is 123456.", "Your verification code is ■■■■■■."),
    ("Your passcode is Q7K2", "Your passcode is ■■■■"),
    ("password: Abc12345", "password: ■■■■■■■■"),
    ("PIN 4821", "PIN ■■■■"),
    ("604112 is your code", "■■■■■■ is your code"),
    ("use code 604112 to confirm", "use code ■■■■■■ to confirm"),
    ("一次性密码 OTP: 604112", "一次性密码 OTP: ■■■■■■"),
    ("校验码：12 34 56", "校验码：■■ ■■ ■■"),
    ("验证码为604\n112", "验证码为■■■\n■■■"),
    ("验证码：\n604112", "验证码：\n■■■■■■"),
    ("验证码：60-41-12", "验证码：■■-■■-■■"),
    ("安全码 93·27·41", "安全码 ■■·■■·■■"),
    ("短信验证码 ８８２０１３", "短信验证码 ■■■■■■"),
    ("您的驗證碼為 4821", "您的驗證碼為 ■■■■"),
    ("验\u200b证\u200b码1234", "验\u200b证\u200b码■■■■"),
    ("您的验证码是六零四一一二", "您的验证码是■■■■■■"),
    ("您的验证码为陆零肆壹壹贰", "您的验证码为■■■■■■"),
    ("验证码①②③④⑤⑥", "验证码■■■■■■"),
    ("604112（销户验证码），5分钟内有效", "■■■■■■（销户验证码），5分钟内有效"),
    ("CJ-660214 为您本次号码17712093345注销业务的校验码", "■■-■■■■■■ 为您本次号码17712093345注销业务的校验码"),
    ("请将以下6位数字告知营业员:571903", "请将以下6位数字告知营业员:■■■■■■"),
    ("7402,注销登录用,2分钟。", "■■■■,注销登录用,2分钟。"),
    ("码来了:618802 赶紧填", "码来了:■■■■■■ 赶紧填"),
    # Among what is none.
    ("验证码（用于注销号码13800138000）为604112", "验证码（用于注销号码13800138000）为■■■■■■"),
    (
        "您的销户申请(受理单号SL20261123)验证码604112,请于2026年11月30日18:00前到厅,工号8802,详询10086",
        "您的销户申请(受理单号SL20261123)验证码■■■■■■,请于2026年11月30日18:00前到厅,工号8802,详询10086",
    ),
    (
        "尾号8000销户,验证码604112,余额12.50元,24小时内有效",
        "尾号8000销户,验证码■■■■■■,余额12.50元,24小时内有效",
    ),
]
NO_CODES = [
    "【中国移动】您的号码13800138000已销户。谨防诈骗，切勿将验证码告诉他人。详询10086",
    "【中国移动】验证码校验通过，工单号12345678已受理。",
    "编码604112",
    "邮编：518000",
    "工号8802为您服务，请勿泄露密码",
    "受理编号604112",
    "您的工单将在24小时内处理，验证码请勿告知他人",
    "密码重置业务已受理，编号20261123",
    "请勿泄露密码，咨询电话4008123123",
    "如忘记服务密码，请拨打10086",
    "promo code SAVE2026 for 50% off",
    "您的余额为1234元，密码保护已开启",
    "Your request ref 604112 has been received",
    "请提供身份证及服务密码，2026-11-30前办理",
    "验证码已发送，请注意查收，工单GD20261123",
    "您的号码已注销，注销号码13800138000",
    "尾号8000，您的服务密码请妥善保管",
    "退网执行异常(错误码5031),未成功",
    "【携转】携出申请已受理，授权码另发，请在有效期内办理。",
    "",
]


@pytest.mark.parametrize(("text", "kept"), CODES)
def test_a_code_is_found_and_blacked_out_and_the_rest_stays(text: str, kept: str) -> None:
    assert contains_code(text)
    assert blacken_codes(text) == kept
    assert is_blackened(kept)
    assert blacken_codes(kept) == kept


@pytest.mark.parametrize("text", NO_CODES)
def test_what_is_none_stays_as_it_is(text: str) -> None:
    assert not contains_code(text)
    assert blacken_codes(text) == text
    assert not is_blackened(text)


def test_where_it_is_in_doubt_each_that_may_be_it_is_blacked_out() -> None:
    text = "您的验证码5分钟内有效 881254 7K2Q99 请输入"
    assert blacken_codes(text) == "您的验证码5分钟内有效 ■■■■■■ ■■■■■■ 请输入"


def test_a_reference_that_is_known_stays_in_any_writing() -> None:
    text = "验证码604112，关于AB-7788"
    assert blacken_codes(text) == "验证码■■■■■■，关于■■-■■■■"
    assert blacken_codes(text, ["ab7788"]) == "验证码■■■■■■，关于AB-7788"


def test_a_code_far_behind_is_found() -> None:
    text = "您好" * 3000 + "您的验证码是604112" + "。" * 3000
    assert blacken_codes(text) == text.replace("604112", "■■■■■■")


@pytest.mark.parametrize(
    "text", ["1" * 200_000, "验证码" * 70_000, "登录" * 90_000, "a1-" * 60_000, "密码 12 " * 30_000]
)
def test_a_huge_text_takes_no_time(text: str) -> None:
    began = time.process_time()
    contains_code(text)
    blacken_codes(text)
    # Generous: some tenths of a second; what grows faster than the text would take minutes.
    assert time.process_time() - began < 10
