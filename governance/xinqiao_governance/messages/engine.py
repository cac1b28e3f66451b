"""Sentences of the area "engine": what carries messages between the centre and the departments."""

MESSAGES: dict[str, tuple[str, str]] = {
    "flower_message_invalid": (
        "收到的消息不完整或格式不对，已拒绝。",
        "A message arrived incomplete or in the wrong layout and was refused.",
    ),
    "flower_message_unanswered": (
        "有一条消息未能作答（{reason}）。",
        "A message was not answered ({reason}).",
    ),
    "run_end_unreported": (
        "未能向 SuperLink 报告运行已结束（{reason}）；稍后会自动结束。",
        "The SuperLink was not told that the run is over ({reason}); it will end it by itself.",
    ),
    "superlink_awaited": (
        "SuperLink {address} 尚未就绪，最多等待 {seconds} 秒。",
        "The SuperLink at {address} is not up yet; waiting up to {seconds} seconds.",
    ),
    "superlink_ended": (
        "SuperLink 已意外结束，原因见日志 {path}；请重新启动。",
        "The SuperLink has ended by itself; its log {path} says why. Start it again.",
    ),
    "superlink_joined": (
        "已连上 SuperLink {address}。",
        "Connected to the SuperLink at {address}.",
    ),
    "superlink_lost": (
        "暂时连不上 SuperLink {address}（{reason}）；将继续尝试。",
        "The SuperLink at {address} cannot be reached ({reason}); trying again until it can.",
    ),
    "superlink_name_invalid": (
        "--name 须为主机名或 IP 地址。",
        "--name takes a host name or an IP address.",
    ),
    "superlink_not_started": (
        "SuperLink 未能启动，原因见日志 {path}。",
        "The SuperLink did not start; its log {path} says why.",
    ),
    "superlink_task_taken": (
        "SuperLink {address} 上的任务已被另一个中心进程取走；一个 SuperLink 只能由一个中心使用。",
        "Another process took the run's task at the SuperLink {address}; one SuperLink serves one centre.",
    ),
    "superlink_untrusted": (
        "本节点没有中心 SuperLink 的证书；请用中心名片重新执行 xinqiao node init。",
        "This node has no certificate of the centre's SuperLink; set it up with the centre's card.",
    ),
    "superlink_unknown_node": (
        "SuperLink {address} 暂不接纳本部门（{status}）：运营方尚未用其名片写订单，或先前的代理仍算在线。"
        "将继续尝试。",
        "The SuperLink at {address} does not let this department in yet ({status}): the operator has not "
        "written an order from its card, or an earlier agent still counts as online. Trying again.",
    ),
    "superlink_unreachable": (
        "无法与 SuperLink {address} 通信。",
        "The SuperLink at {address} cannot be reached.",
    ),
    "supernode_ended": (
        "Flower SuperNode 已结束，且不再自动重启；原因见日志 {path}。",
        "Flower's SuperNode has ended and is not started again; its log {path} says why.",
    ),
    "supernode_lost": (
        "暂时连不上本机的 SuperNode {address}（{reason}）。SuperLink 不接纳本部门时"
        "（如运营方尚未用其名片写订单），它会结束，并自动重启，直至恢复；"
        "原因见数据节点目录中的 supernode/supernode.log。",
        "The SuperNode at {address} of this machine cannot be reached ({reason}). It ends when the SuperLink "
        "does not let this department in, as before the operator wrote an order from its card, and is "
        "started again until it stays; supernode/supernode.log in the node's folder says why.",
    ),
    "supernode_not_started": (
        "Flower SuperNode 未能启动，原因见日志 {path}。",
        "Flower's SuperNode did not start; its log {path} says why.",
    ),
}
