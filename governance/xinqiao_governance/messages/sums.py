"""Sentences about private sums: noise, masks, plans and their accounting."""

MESSAGES: dict[str, tuple[str, str]] = {
    "noise_variance_out_of_range": (
        "噪声份额的方差必须在 1 与 {limit} 之间（整数单位的平方）。",
        "The variance of a noise share must lie between 1 and {limit} (squared integer units).",
    ),
    "mask_without_peers": (
        "名单中没有其他成员：没有掩码可以隐藏这个向量，未发送任何内容。",
        "The roster names no other member: no mask could hide the vector, and nothing was sent.",
    ),
    "mask_peer_invalid": (
        "名单把本部门列为自己的同伴，或某个成员的标识长度不对。",
        "The roster lists this department as its own peer, or a member's id has the wrong length.",
    ),
    "mask_statement_invalid": (
        "步骤声明的摘要长度不对。",
        "The digest of the step statement has the wrong length.",
    ),
    "mask_statement_used": (
        "这份步骤声明已经用过掩码；同一掩码绝不用于第二个向量。",
        "This step statement has been masked already; one mask never covers a second vector.",
    ),
    "mask_key_invalid": (
        "某个成员的 X25519 公钥不合法，无法得到共享密钥。",
        "A member's X25519 public key is not valid and gives no shared secret.",
    ),
    "plan_privacy_invalid": (
        "隐私参数不合法：ε 必须大于 0 且不超过 {limit}，δ 必须大于 0 且小于 1。",
        "The privacy parameters are not valid: ε must be above 0 and at most {limit}, δ above 0 and below 1.",
    ),
    "plan_field_invalid": (
        "求和方案的字段 {field} 必须在 {low} 与 {high} 之间。",
        "The field {field} of the plan must lie between {low} and {high}.",
    ),
    "plan_collusion_too_low": (
        "方案必须容忍至少一个部门串通（t ≥ 1），因为每个部门都知道自己的噪声份额。",
        "The plan must withstand at least one colluding department (t ≥ 1): each knows its own noise share.",
    ),
    "plan_members_too_few": (
        "参与部门只有 {members} 个，至少需要 {minimum} 个（t + 2）。",
        "There are {members} departments; at least {minimum} are needed (t + 2).",
    ),
    "plan_without_answers": (
        "方案必须至少包含一次回答。",
        "The plan must buy at least one answer.",
    ),
    "plan_rounding_too_coarse": (
        "取整会使灵敏度增加 1% 以上：刻度 {scale} 太小，至少需要 {minimum}。",
        "Rounding would add more than 1 % to the sensitivity: the scale is {scale}, it needs {minimum}.",
    ),
    "plan_would_wrap": (
        "总和可能超出 32 位模数：人数或参数太多（需要 {needed}，上限 {limit}）。",
        "The sum could leave the 32-bit modulus: too many people or entries (needs {needed}, limit {limit}).",
    ),
    "plan_noise_out_of_range": (
        "所需噪声超出采样器的范围：最小名单的份额方差 {variance}，上限 {limit}。请提高 ε，或减少步数或分箱。",
        "The noise needed is beyond the sampler: a share has variance up to {variance}, limit {limit}. "
        "Ask for a larger ε, fewer steps or fewer bins.",
    ),
    "plan_epsilon_exceeded": (
        "方案能证明的 ε 为百万分之 {proven}，超过订单声明的百万分之 {ordered}。",
        "The plan's proven ε is {proven} millionths, above the {ordered} millionths that the order states.",
    ),
    "plan_sampler_reserve_exceeded": (
        "采样器与精确分布的距离超出了为它预留的千分之一 δ。",
        "The sampler's distance to the exact law exceeds the thousandth of δ that is reserved for it.",
    ),
    "roster_size_invalid": (
        "名单有 {members} 个成员，方案只允许 {low} 到 {high} 个。",
        "The roster has {members} members; the plan allows {low} to {high}.",
    ),
    "sum_vector_invalid": (
        "向量的长度或类型与方案不符，或含有非有限数。",
        "A vector does not have the plan's length or type, or holds a number that is not finite.",
    ),
    "gradient_rows_invalid": (
        "训练数据不合法：设计矩阵和标签只能是 0 或 1，且每个人的行必须相邻。",
        "The training rows are not valid: design and label must be 0 or 1, a person's rows side by side.",
    ),
    "gradient_clip_invalid": (
        "裁剪范数必须是大于零的有限数。",
        "The clipping norm must be finite and above zero.",
    ),
    "gradient_rows_too_many": (
        "一个部门的训练行数超过上限 {limit}，无法保证求和精确。",
        "A department has more than {limit} training rows; sums would no longer be exact.",
    ),
    "parameters_invalid": (
        "模型参数的长度不对、不是有限数，或绝对值之和超过 {limit}。",
        "The model parameters have the wrong length, are not finite, or exceed {limit} in total size.",
    ),
    "optimiser_state_invalid": (
        "优化器状态损坏，或不属于这个任务。",
        "The optimiser's state is damaged or does not belong to this job.",
    ),
}
