"""Words of notes and chats, made of a verb and what is said of it: 报上去了, 销不掉, 还在审."""


def _joined(heads: str, tails: str) -> str:
    """Every head with every tail, parted by spaces; `-` is an empty tail."""
    return " ".join(head + tail.removeprefix("-") for head in heads.split() for tail in tails.split())


_CANCEL = "销 拆 退 注销 销户 拆机 退网 销号 离网 退租"
SPOKEN_BY_KIND: dict[str, str] = {
    "gone": _joined(
        "销 拆 注销 销户 拆机 退网 销号 离网", "掉了 完了 好了 成了 没了 脱了 妥了 完毕了 了哈 了哦 了呀 了呢"
    )
    + " "
    + _joined("给销 给拆 给注销 帮您销 帮你销 帮您注销 帮你注销", "了 掉了 好了 完了"),
    "registered": _joined(
        "报 提 递 录 交 传 送 登记 提交 反馈 上报 反映 申请 登",
        "上去 上去了 进去 进去了 过去了 好了 上了 到系统了 到后台了 给后台了",
    )
    + " "
    + _joined("单子 工单 申请 单 资料 材料", "已建 已下 开好了 建好了 下了 收到了 收下了 交了 递了 给您建了 派出去了"),
    "review": _joined(
        "在 正在 还在 仍在 尚在 都在",
        "审 审着 核 查 查着 走 走着 跑 跑着 办 办着 批 看 排 排着 "
        "审核 审批 复核 稽核 核实 核对 核查 核验 比对 处理 流转 协调 沟通 会签 走流程 排队",
    )
    + " "
    + _joined(
        "审核 审批 复核 稽核 核实 核对 核查 核验 比对 处理 流转 协调 会签 办理 审 查",
        "中 ing 着呢 当中 阶段 这一步 那一步 那关",
    )
    + " "
    + _joined("没 还没 尚未 暂未 仍未", "批 签 审完 出结果 批下来 走完 审到 轮到 反馈 回复 审批 审核 核完 下来")
    + " "
    + _joined(
        "等 在等 还在等",
        "批 审批 领导批 领导签 省里批 总部批 签字 放行 他们审 后台审 审核结果 复核 核准 下一步 最后一关",
    ),
    "refused": _joined("销 拆 退 办 弄 动 走 过 批 做 受理 注销 销户 拆机", "不了 不掉 不成 不下来")
    + " "
    + _joined(
        "不让 不给 不准 不许 没法 没办法 不肯 不予 无权 不同意 不可以 暂不能 暂时不能 不允许",
        _CANCEL + " 办 注销 销户 受理",
    )
    + " "
    + _joined(
        "被 给 又被 又给 让他们", "退了 退回 退回来了 打回 打回来 打回来了 驳回 驳了 拒了 否了 毙了 卡住了 退单了"
    ),
    "papers": _joined(
        "补 重新 重 再 补交 补寄 补拍 补传",
        "拍一张 拍照 上传 填写 签 盖章 盖 录 录制 提交材料 传 传一张 交一份 寄 签字 刷脸 认证 扫描 开证明",
    ),
}
