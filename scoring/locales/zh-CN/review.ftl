# 账号与登录
account-name-missing = 账号名须为 1 至 80 个字符，收到的是“{ $name }”。请换一个名称。
account-role-unknown = 没有名为“{ $role }”的角色。可用的角色：{ $known }。
account-exists = 账号“{ $name }”已经存在。请换一个名称，或为其重设密码。
account-unknown = 没有账号“{ $name }”或已停用。现有账号：{ $known }。
account-password-short = 密码至少 { $least } 个字符，收到 { $length } 个。请换一个更长的密码。
sign-in-failed = 用户名或密码不正确。连续五次错误将锁定十五分钟。
sign-in-locked = 该账号因连续登录失败已锁定至 { $until }。请稍后再试，或请管理员重设密码。
oidc-state = 这次登录已过期，或不是从本浏览器开始的。请重新点击登录页上的统一身份认证登录。
oidc-said-no = 身份提供方没有确认您的身份（{ $error }）。请重试，或改用本系统的账户。
oidc-token = 身份提供方的答复不能采信（{ $cause }）。没有登录；请告诉系统管理员。
oidc-settings = 统一身份认证的设置 { $variable } 不完整或不安全（{ $cause }）。须为身份提供方自己公布的地址（https；仅本机可用 http），并设 MULU_OIDC_CLIENT_ID、MULU_OIDC_CLIENT_SECRET、MULU_PUBLIC_URL。请告诉系统管理员。
oidc-unreachable = 身份提供方没有应答：{ $address }（{ $cause }）。请稍后再试，或改用本系统的账户。
sign-in-not-admitted = “{ $name }”已通过身份认证，但在本系统没有账号。请管理员用 mulu user add --external 添加。
sign-in-missing = 此命令须署名：请用 --as 写明账号，并以 --password-file 或环境变量 MULU_PASSWORD 提供密码。

# 角色与动作
role-member = 委员
role-chair = 主任
role-analyst = 分析员
role-auditor = 审计员
verb-read = 查看评审
verb-open_round = 开启评审
verb-adopt_ranking = 采用新的排名
verb-seat = 增加评审委员
verb-set_agenda = 安排议程
verb-declare_conflict = 申报回避
verb-set_conflict = 指定回避
verb-clear_conflict = 解除回避
verb-vote = 投票
verb-comment = 发表意见
verb-override = 另行决定
verb-approve = 复核决定
verb-undo = 撤销决定
verb-confirm = 重新确认
verb-freeze = 冻结名单
verb-thaw = 解除冻结
verb-sign = 签署名单
verb-attach_record = 附公平竞争审查记录
verb-publish = 公布名单
verb-learn = 查看分歧分析
verb-release_labels = 批准决定作为训练标签
verb-receive_objection = 登记异议
verb-answer_objection = 答复异议
verb-change_membership = 变更成员资格
verb-sign_industries = 签署重点产业表
verb-audit = 审计账本
override-include = 列入
override-exclude = 不列入
override-defer = 暂缓
override-move = 调整名次
override-status-in_force = 生效
override-status-waiting = 待第二人复核
override-status-stale = 待按新排名确认
override-status-undone = 已撤销
override-status-expired = 已过期
override-status-replaced = 已被替换
reason-type-data_outdated = 数据过时
reason-type-data_wrong = 数据有误
reason-type-event_after_date = 基准日后的重大事项
reason-type-potential_not_in_data = 数据未反映的潜力
reason-type-policy_priority = 政策重点
reason-type-integrity = 诚信问题
reason-type-duplicate_or_group = 重复或同一集团
reason-type-other = 其他
vote-for = 同意列入
vote-against = 不同意列入
vote-defer = 暂缓
vote-abstain = 弃权
conflict-shareholding = 持股
conflict-employment = 任职或曾任职
conflict-family = 亲属关系
conflict-advisory = 顾问或合作
conflict-dispute = 争议或诉讼
conflict-other = 其他
phase-open = 评审中
phase-frozen = 已冻结，待签署
phase-signed = 已签署，待公布
phase-published = 已公布
event-round_opened = 开启评审
event-ranking_adopted = 采用新的排名
event-seated = 增加评审委员
event-agenda_set = 安排议程
event-record_attached = 附审查记录
event-frozen = 冻结名单
event-thawed = 解除冻结
event-signed = 签署名单
event-published = 公布名单
event-labels_released = 批准训练标签
event-voted = 投票
event-conflict_declared = 回避
event-conflict_cleared = 解除回避
event-commented = 意见
event-overridden = 另行决定
event-override_approved = 复核同意
event-override_undone = 撤销决定
event-override_confirmed = 重新确认
event-denied = 被拒绝
denial-role = 角色或席位无此权限
denial-person = 本人须回避，或不得由本人办理
denial-procedure = 程序不允许

# 评审中的拒绝
review-role-may-not = { $role ->
    [member] 委员
    [chair] 主任
    [analyst] 分析员
   *[auditor] 审计员
 }无权进行此操作（{ $verb ->
    [read] { verb-read }
    [open_round] { verb-open_round }
    [adopt_ranking] { verb-adopt_ranking }
    [seat] { verb-seat }
    [set_agenda] { verb-set_agenda }
    [declare_conflict] { verb-declare_conflict }
    [set_conflict] { verb-set_conflict }
    [clear_conflict] { verb-clear_conflict }
    [vote] { verb-vote }
    [comment] { verb-comment }
    [override] { verb-override }
    [approve] { verb-approve }
    [undo] { verb-undo }
    [confirm] { verb-confirm }
    [freeze] { verb-freeze }
    [thaw] { verb-thaw }
    [sign] { verb-sign }
    [attach_record] { verb-attach_record }
    [publish] { verb-publish }
    [learn] { verb-learn }
    [release_labels] { verb-release_labels }
    [receive_objection] { verb-receive_objection }
    [answer_objection] { verb-answer_objection }
    [change_membership] { verb-change_membership }
   *[audit] { verb-audit }
 }）。有此权限的角色：{ $who ->
    [analyst-auditor-chair] 分析员、审计员、主任
    [analyst-auditor-chair-member] 分析员、审计员、主任、委员
    [analyst-chair] 分析员、主任
    [analyst-chair-member] 分析员、主任、委员
    [auditor] 审计员
    [chair] 主任
   *[chair-member] 主任、委员
 }。此次尝试已记入账本。
review-role-changed = { $name } 目前的角色是 { $role }，与登录时不同。请重新登录。
review-recused = 您已回避企业 { $enterprise }，不能查看或处理该项。如有误，请主任解除回避。
review-not-seated = { $name } 不是本轮评审的委员。本轮委员：{ $seated }。如需参加，请主任增加席位。
review-own-override = 决定须由另一人复核，不能由提出人自己复核（{ $enterprise }）。请另一位委员处理。
review-not-author = 只有提出人 { $author } 或主任可以撤销对 { $enterprise } 的决定。
review-signed-already = { $name } 已签署本名单；须由另一人再签。
review-conflict-own = 不能解除自己的回避（{ $enterprise }）。请另一位主任处理。
review-conflict-none = { $name } 未回避企业 { $enterprise }，无需解除。
review-conflict-type-unknown = 没有名为“{ $value }”的回避事由。可选：{ $known }。
review-choice-unknown = 没有名为“{ $value }”的投票选项。可选：{ $known }。
review-override-unknown = 没有名为“{ $value }”的决定方式。可选：{ $known }。
review-reason-type-unknown = 没有名为“{ $value }”的理由类型。可选：{ $known }。
review-reason-too-short = 理由至少要有一句话（{ $least } 个字以上），收到 { $length } 个字。请写明事实与依据。
review-evidence-missing = 本轮评审要求每项决定至少附一份证明材料：请为企业 { $enterprise } 的决定附上文件（命令行用 --evidence 文件）。
review-move-needs-rank = “调整名次”须同时给出目标名次，其他决定不需要（收到的方式：{ $kind }）。
review-rank-outside-track = 目标名次须在 1 至 { $last } 之间，收到 { $rank }。
review-expiry-past = 有效期截止日 { $expires_on } 早于今天（{ $today }）。请改为今天或以后的日期。
review-override-none = 企业 { $enterprise } 目前没有有效的决定。
review-nothing-to-approve = 企业 { $enterprise } 的决定无需复核（状态：{ $status ->
    [in_force] { override-status-in_force }
    [waiting] { override-status-waiting }
    [stale] { override-status-stale }
    [undone] { override-status-undone }
    [replaced] { override-status-replaced }
   *[expired] { override-status-expired }
 }）。
review-nothing-to-confirm = 企业 { $enterprise } 没有需要您确认的旧决定。
review-item-changed = 在您打开此页之后，{ $actor } 于 { $at } 对企业 { $enterprise } 作了{ $kind ->
    [overridden] 另行决定
    [override_approved] 复核
    [override_undone] 撤销
    [override_confirmed] 重新确认
    [voted] 投票
   *[other] 新的处理
 }（第 { $now } 条记录）。请查看后再决定；您的输入没有丢失。
review-ranking-superseded = 您依据的排名 { $seen } 已被新排名 { $now } 取代。请刷新页面，在新排名上再决定。
review-enterprise-unknown = 排名中没有企业“{ $enterprise }”。{ NEAREST($nearest) }
review-round-unknown = 没有评审轮次“{ $round }”。现有轮次：{ $known }。
review-round-open = 上一轮评审 { $round } 尚未公布，不能开启新一轮。请先公布该轮名单。
review-round-none = 还没有评审轮次。请先运行 mulu rank、mulu select，再运行 mulu review open。
review-no-chair = 开启评审前须至少有一个主任账号。请运行 mulu user add 名称 --role chair。
review-other-edition = 本轮评审依据方案 { $round }，不能采用方案 { $edition } 的排名。请开启新一轮。
review-not-frozen = 评审 { $round } 尚未冻结。请主任先运行 mulu review freeze。
review-frozen = 评审 { $round } 的名单已冻结，不能再改动，也不能再次冻结。如需修改，请主任先解除冻结。
review-published = 评审 { $round } 的名单已公布，不能再改动。更正须另开一轮并注明所更正的轮次。
review-decisions-open = 冻结前须先处理未了结的决定。待第二人复核：{ $waiting }；作于旧排名、待确认：{ $stale }。请复核、确认或撤销。
review-quorum-missing = 下列企业的投票未达法定人数（已投/须投）：{ $items }。请补足投票。
review-against-vote = 下列企业的决定与多数投票相反：{ $items }。请撤销决定或重新投票。
review-list-infeasible = 在现有决定下名额规则无法同时满足：{ $quotas }。请撤销部分决定。
review-other-list = 您要签署的名单 { $seen } 不是目前冻结的名单 { $now }。请核对后再签。
review-record-reference = 公平竞争审查记录须有文号或编号。请补充。
review-vote-first = 须先对议程中的企业投票（还有 { $left } 家），才能查看名单。

# 证据
evidence-empty = 附件“{ $file }”是空文件。请重新选择。
evidence-too-large = 附件“{ $file }”有 { $bytes } 字节，超过上限 { $most } 字节。请压缩或拆分。
evidence-type = 附件“{ $file }”的内容与类型不符或不接受此类型。可接受：{ $accepted }。
evidence-unknown = 没有已保存的附件 { $sha256 }。请先上传附件。
evidence-changed = 已保存的附件 { $sha256 } 内容被改动。请重新上传，并检查存储。
evidence-file-missing = 找不到附件文件 { $path }。请检查路径。
review-not-signed = 评审 { $round } 的名单须由两人（含主任）签署后才能公布。请先运行 mulu review sign。
review-cooling-down = 下列企业尚在退出冷却期内（截止日），不能列入：{ $items }。请另行决定不列入，或先恢复其资格。
date-unreadable = 日期须写成 2026-11-23 的形式，收到“{ $value }”。

# 成员资格
membership-reason-unknown = 没有名为“{ $value }”的退出事由。可选：{ $known }。
membership-needs-evidence = 恢复企业 { $enterprise } 的资格须附信用修复的证明材料。
membership-change-unknown = 没有可撤销的第 { $number } 号变更。可撤销的有：{ $known }。
credit-suspend = 暂停
credit-resume = 结束暂停
credit-restore = 恢复资格
credit-grounds = { $kind }，{ $listed } 列入，移出：{ $removed }{ $more ->
        [0] {""}
       *[other] ；另有 { $more } 项
    }
credit-nothing-proposed = 目前没有对企业 { $enterprise } 的建议：没有名单产生后新获悉的在列记录，或已作过决定。用 mulu member proposals 查看待决定的建议，或直接用 mulu member suspend。
membership-none = 企业 { $enterprise } 在 { $on } 不在目录中。
membership-status = 企业 { $enterprise } 在 { $on } 的状态为{ $status ->
    [active] 正常
    [suspended] 暂停
   *[exited] 已退出
 }，不能作此变更。
calendar-year-unknown = 尚不知道 { $year } 年的放假安排。请按国务院办公厅的通知，在数据目录的 { $file } 中逐行写明放假与调休上班的日子（如 { $year }-01-01,0,元旦；调休上班写 1），须含 1 月 1 日，其余日子按星期计；或用 --notice-until 直接指定公示截止日。
calendar-file-unreadable = { $path } 第 { $line } 行无法读取：“{ $text }”。每行应为“日期,1 或 0,说明”，如 2027-01-01,0,元旦（0 放假，1 上班）。请改正。
calendar-day-twice = { $path } 第 { $line } 行：{ $day } 既写作上班又写作放假。请只留一行。
notice-too-short = 公示期至少一个工作日，收到 { $days }。

# 异议
objection-ground-unknown = 没有名为“{ $value }”的异议事由。可选：{ $known }。
objection-outcome-unknown = 没有名为“{ $value }”的处理结果。可选：{ $known }。
objection-not-published = 评审 { $round } 的名单尚未公布，不能登记异议。
objection-late = 公示期已于 { $until } 截止（今天 { $today }），不能登记异议。
objection-needs-evidence = 异议至少附一份证明材料。请附上文件后再登记。
objection-needs-reference = 异议须有登记编号（本系统不保存异议人姓名）。请补充。
objection-enterprise-unknown = 企业 { $enterprise } 不在本轮排名中。请核对代码。
objection-model-differs = 复核须使用同一方案、同一基准日和同一模型；不同之处：{ $differing }。请按原规则重新排名。
objection-answered = 第 { $number } 号异议已经答复，不能再次处理。
objection-unknown = 没有第 { $number } 号异议。现有编号：{ $known }。
objection-ground-data_wrong = 数据有误
objection-ground-rule_misapplied = 规则适用错误
objection-ground-integrity = 诚信问题
objection-ground-eligibility = 资格问题
objection-ground-other = 其他
objection-outcome-upheld = 成立
objection-outcome-partly = 部分成立
objection-outcome-dismissed = 不成立

# 从评审中学习
learning-not-published = 评审 { $round } 的名单公布之后，才能批准决定作为训练标签。
learning-released = 评审 { $round } 的训练标签已经批准过，不能重复批准。
learning-undecided = 只有评审委员会作出决定的企业才能作为标签；以下不是：{ $items }。
