"""Sentences of the area "engine": what carries messages between the centre and the departments."""

MESSAGES: dict[str, tuple[str, str]] = {
    "flower_message_invalid": (
        "收到的消息不完整或格式不对，已拒绝。",
        "A message arrived incomplete or in the wrong layout and was refused.",
    ),
    "superlink_needs_tls": (
        "SuperLink 地址 {address} 不是本机回环地址；在支持 TLS 之前只允许本机连接。",
        "The SuperLink {address} is not on the loopback; until TLS is in place only this machine is allowed.",
    ),
    "superlink_not_started": (
        "SuperLink 未能启动，原因见日志 {path}。",
        "The SuperLink did not start; its log {path} says why.",
    ),
    "superlink_task_taken": (
        "SuperLink {address} 上的任务已被另一个中心进程取走；一个 SuperLink 只能由一个中心使用。",
        "Another process took the run's task at the SuperLink {address}; one SuperLink serves one centre.",
    ),
    "superlink_unreachable": (
        "无法与 SuperLink {address} 通信。",
        "The SuperLink at {address} cannot be reached.",
    ),
}
