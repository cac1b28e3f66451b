"""Sentences of a job's course: killed and resumed, stopped by the operator, left by a department."""

MESSAGES: dict[str, tuple[str, str]] = {
    "job_running": (
        "另一个进程正在运行这份订单；请在那里按 Ctrl-C 停止。",
        "Another process is running this order; Ctrl-C stops it there.",
    ),
    "job_published": (
        "这份订单的模型已经发布，不能再停止。",
        "The model of this order is published; it can no longer be stopped.",
    ),
    "job_failed_before": (
        "这份订单的任务已经结束，没有模型（{reason}）；请另下订单。",
        "The job of this order has ended without a model ({reason}); write a new order.",
    ),
    "checkpoint_damaged": (
        "任务的检查点 {path} 已损坏，无法继续；请用 xinqiao job stop 结束任务。",
        "The job's checkpoint {path} is damaged and it cannot go on; end it with xinqiao job stop.",
    ),
    "checkpoint_behind": (
        "日志中已有第 {logged} 步，任务的检查点却更旧或已丢失；任务结束，已预留的预算照计。",
        "The log holds step {logged}, but the job's checkpoint is older or lost; "
        "the job ends and its budget stays charged.",
    ),
    "job_not_open": (
        "本部门没有进行中的该任务，无可退出。",
        "This department has no such open job: there is nothing to leave.",
    ),
    "job_left": ("本部门已退出该任务。", "This department has left the job."),
    "left": ("部门管理员退出了任务。", "The department's steward left the job."),
    "stopped": ("运营方停止了任务。", "The operator stopped the job."),
    "completed": ("任务已完成。", "The job is completed."),
    "cli_step_seconds": (
        "每一步等待部门回答的秒数（默认 30）；网络慢、表大或模型大时请调大",
        "how long a step waits for a department's answer (30); "
        "raise it for slow links, large tables or large models",
    ),
    "cli_job_stop": (
        "停止一项进程已不在的任务，并通知各部门",
        "stop a job whose process is gone, and tell its departments",
    ),
    "cli_node_leave": (
        "退出一项进行中的任务，不再回答任何一步",
        "leave an open job: no further step is answered",
    ),
    "cli_job_status": ("查看一项任务进行到哪一步", "show how far a job has come"),
    "cli_watch": ("每有变化就再显示，直到任务结束", "show it again whenever it changes, until the job ends"),
    "job_status_not_run": (
        "这份订单尚未在本中心运行。",
        "This order has not been run at this centre.",
    ),
    "job_status_training": (
        "训练中：第 {step} 步，共 {answers} 步；{good} 步有效，{void} 步无效；{joined} 个部门参加。",
        "Training: step {step} of {answers}; {good} good, {void} void; {joined} departments joined.",
    ),
    "job_status_published": (
        "模型已发布：{answers} 步中 {good} 步有效，{void} 步无效；{joined} 个部门参加。",
        "The model is published: of {answers} steps {good} good, {void} void; {joined} departments joined.",
    ),
    "job_status_failed": (
        "任务在第 {step} 步（共 {answers} 步）结束，没有模型：{reason}",
        "The job ended at step {step} of {answers} without a model: {reason}",
    ),
    "job_status_away": (
        "{department} 缺席，最早第 {step} 步可回来。",
        "{department} is away and may be back from step {step} on.",
    ),
    "job_status_left": ("{department} 已退出，不再回来。", "{department} left for good."),
    "job_stop_told": (
        "任务已停止；{count} 个部门确认已结束。其余部门上线后请再运行一次，否则密钥保留到订单过期。",
        "The job is stopped; {count} departments confirmed its end. "
        "Run this again when others are online, or they keep their keys until the order expires.",
    ),
    "node_left_job": (
        "已退出订单 {order}：不再回答任何一步，任务密钥已销毁；已预留的预算照计。",
        "Left the order {order}: no further step is answered and the job's key is destroyed; "
        "the budget that was reserved stays charged.",
    ),
}
