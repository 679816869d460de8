cli-as-help = 以谁的名义（账号名；也可用环境变量 MULU_USER）
cli-password-file-help = 存放密码的文件（也可用环境变量 MULU_PASSWORD；都没有时在终端询问）
cli-password-prompt = 密码
cli-round-help = 评审轮次（默认最近一轮）
cli-user-help = 管理可以登录的人员及其角色
cli-user-name-help = 账号名
cli-user-password-file-help = 存放新密码的文件（默认生成随机密码并显示一次）
cli-user-add-help = 添加账号
cli-user-role-help = 角色：member 委员、chair 主任、analyst 分析员、auditor 审计员
cli-user-display-help = 显示的姓名
cli-user-external-help = 由统一身份认证（OIDC）登录，不设密码
cli-user-list-help = 列出账号
cli-user-disable-help = 停用账号，保留其全部记录
cli-user-password-help = 重设密码并解除锁定
cli-user-added = 已添加账号 { $name }（{ $role }）。
cli-user-password-once = 密码（仅显示这一次）：{ $password }
cli-user-disabled = 已停用账号 { $name }。
cli-user-password-set = 已重设 { $name } 的密码。
cli-committee-name = 名称
cli-committee-display = 显示名
cli-committee-role = 角色
cli-committee-enterprise = 企业代码
cli-committee-track = 类别
cli-committee-rank = 名次
cli-committee-score = 得分
cli-committee-votes = 票数/须有
cli-committee-override = 调整
cli-committee-from = 起
cli-committee-to = 止
cli-committee-why = 依据
cli-review-help = 评审：投票、调整、冻结、签署
cli-enterprise-help = 企业的统一社会信用代码或全名
cli-review-text-help = 理由或说明（至少一句话）
cli-seen-help = 您看到的最后一条记录号（默认取当前）
cli-ranking-digest-help = 排名的摘要（默认当前排名）
cli-review-open-help = 在一份已保存的排名上开启新一轮评审
cli-review-corrects-help = 本轮所更正的已公布轮次
cli-review-opened = 已开启评审 { $round }（排名 { $ranking }）。
cli-review-adopt-help = 采用新的排名继续本轮评审
cli-review-adopted = 已采用排名 { $ranking }。
cli-review-stale = 下列企业的旧决定须重新确认：{ $items }
cli-review-waiting = 下列企业的调整待第二人复核：{ $items }
cli-review-status-help = 本轮评审的进展
cli-review-status-line = 评审 { $round }：{ $phase }
cli-review-status-ranking = 排名 { $ranking }，数据截至 { $as_of }
cli-review-status-open = 待投票 { $vote } 家，待复核 { $waiting } 家，待确认 { $stale } 家
cli-review-status-list = 冻结名单 { $list }；已签署：{ $signed }
cli-review-list-help = 最值得讨论的企业（临近入选线、不确定、模型与评分卡分歧大者在前）
cli-review-top-help = 列出多少家
cli-review-show-help = 一家企业的评审情况与记录
cli-review-item = { $enterprise }：已投 { $cast } 票，须有 { $needed } 票；最后记录号 { $seen }
cli-review-standing = 现有调整：{ $kind }（{ $standing }；提出人 { $author }）
cli-review-blind = 您投票之后才能看到他人的投票。
cli-review-vote-help = 对一家企业投票
cli-review-choice-help = for 同意、against 不同意、defer 暂缓、abstain 弃权
cli-review-voted = 已对 { $enterprise } 投票（已投 { $cast }，须有 { $needed }）。
cli-review-override-help = 调整名单：列入、不列入、暂缓或调整名次
cli-review-kind-help = include 列入、exclude 不列入、defer 暂缓、move 调整名次
cli-review-type-help = 理由类型：data_outdated、data_wrong、event_after_date、potential_not_in_data、policy_priority、integrity、duplicate_or_group、other
cli-review-to-rank-help = 目标名次（仅用于 move）
cli-review-evidence-help = 证据文件（可多次给出）
cli-review-expires-help = 有效期截止日，如 2026-12-31
cli-review-overridden = 已记录对 { $enterprise } 的调整：{ $kind }。
cli-review-effect-rank = 类别内名次：{ $old } → { $new }
cli-review-effect-place = 名单：{ $old } → { $new }
cli-review-place = 第 { $position } 位
cli-review-no-place = 未入选
cli-nobody = 无
cli-review-effect-displaced = 因此落选：{ $displaced }；因此入选：{ $entered }
cli-review-waits = 此调整改变了是否入选，须由第二人复核后生效（mulu review approve）。
cli-review-person-help = 被回避的委员（账号名）
cli-review-approve-help = 复核同意他人的调整
cli-review-approved = 已复核同意对 { $enterprise } 的调整。
cli-review-undo-help = 撤销调整
cli-review-undone = 已撤销对 { $enterprise } 的调整。
cli-review-confirm-help = 在新排名上重新确认旧决定
cli-review-confirmed = 已重新确认对 { $enterprise } 的决定。
cli-review-comment-help = 发表意见
cli-review-commented = 已记录对 { $enterprise } 的意见。
cli-review-recuse-help = 申报回避（主任可用 --person 指定他人回避）
cli-review-ground-help = 事由：shareholding 持股、employment 任职、family 亲属、advisory 顾问、dispute 争议、other 其他
cli-review-recused = { $name } 已回避企业 { $enterprise }。
cli-review-readmit-help = 主任解除他人的回避
cli-review-readmitted = 已解除 { $name } 对企业 { $enterprise } 的回避。
cli-review-seat-help = 主任增加评审席位
cli-review-seat-name-help = 账号名
cli-review-seated = 已增加席位：{ $name }。
cli-review-agenda-help = 查看或（主任）安排议程
cli-review-agenda-list-help = 议程上的企业，按次序
cli-review-agenda-empty = 议程为空。
cli-review-record-help = 附公平竞争审查记录（公布前必须）
cli-review-record-file-help = 审查记录文件
cli-review-record-reference-help = 文号或编号
cli-review-record-date-help = 审查结论日期（默认今天）
cli-review-recorded = 已附审查记录 { $file }（{ $reference }）。
cli-review-freeze-help = 主任冻结名单，待两人签署
cli-review-frozen = 名单已冻结：{ $list }
cli-review-thaw-help = 主任解除冻结，签署随之作废
cli-review-thawed = 已解除冻结。
cli-review-sign-help = 签署冻结的名单（须两人，含主任）
cli-review-sign-list-help = 所签名单的摘要（默认当前冻结的名单）
cli-review-signed = 已签署名单 { $list }；签署人：{ $signed }；状态：{ $phase }
cli-review-export-help = 审计员导出整个账本，供离线核对
cli-review-export-path-help = 写入的文件
cli-review-exported = 账本已导出到 { $path }。
cli-publish-help = 公布签署的名单：生成公布文件夹
cli-publish-out-help = 写入的文件夹（默认在数据目录的 publications 下）
cli-publish-notice-help = 公示的工作日数
cli-publish-until-help = 直接指定公示截止日，如 2027-01-08
cli-publish-language-help = 文件的语言：zh-CN 或 en
cli-publish-done = 已公布到 { $folder }（共 { $files } 个文件）。公示至 { $notice_until }，自 { $valid_from } 起生效，有效期至 { $valid_to }。
cli-dossier-help = 一家企业的说明页（HTML，单文件）：名次、得分与理由；公布前注明为工作稿
cli-dossier-out-help = 写到哪个文件，默认为当前目录下的 标识.html
cli-dossier-done = 已写入 { $path }。
cli-verify-help = 核对账本、公布文件夹或导出的账本；发现问题时以状态 1 结束
cli-verify-path-help = 公布文件夹或账本导出文件（默认核对账本）
cli-verify-ledger = 账本完整：共 { $events } 条记录，链条无误。
cli-verify-folder = { $folder } 与其清单一致：各文件哈希相符，无缺无多。
cli-verify-rebuilt = 名单由依据重新生成，逐字节相同。
cli-verify-with-ledger = 与账本的登记一致。
cli-verify-no-ledger = 此处没有账本，只核对了文件夹本身；要与账本核对，请在公布名单的安装中运行。
cli-verify-export = { $path } 完整：共 { $events } 条记录，链条无误。
cli-directory-enterprise-help = 只答这一家（代码）：当日是否为成员，依据哪些记录
cli-directory-not-member = 企业 { $enterprise } 在 { $on } 不在目录中。
cli-directory-status = { $name }（{ $enterprise }）在 { $on }：{ $status ->
    [active] 是成员
    [suspended] 已暂停
   *[exited] 已退出
 }（{ $track }；任期 { $from } 至 { $to }）
cli-directory-published = 第 { $number } 号记录：{ $round } 轮公布的名单列入
cli-directory-change = 第 { $number } 号记录：自 { $from } 起{ $kind ->
    [member_suspended] 暂停
    [member_resumed] 结束暂停
    [member_exited] 退出
   *[member_restored] 恢复资格
 }{ $end }；{ $text }（{ $actor }）
cli-directory-until = ，至 { $until } 止
cli-directory-cool-down = ，至 { $until } 不得再列入
cli-directory-help = 某一天目录中有哪些企业、依据是什么
cli-directory-on-help = 哪一天（默认今天）
cli-directory-empty = { $on } 没有有效的目录。
cli-directory-exported = 已将 { $on } 有效成员 { $members } 家的资格写入 { $path }。
cli-directory-entitlements-help = 另将该日有效成员的资格导出写入此 CSV 文件
cli-objection-help = 公示期内的异议：登记、复核、答复
cli-objection-number-help = 异议编号
cli-objection-receive-help = 登记一项异议
cli-objection-ground-help = 事由：data_wrong 数据有误、rule_misapplied 规则适用错误、integrity 诚信、eligibility 资格、other 其他
cli-objection-reference-help = 本单位登记簿上的编号（不保存异议人姓名）
cli-objection-answer-by-help = 应答复的日期，如 2026-12-20
cli-objection-received = 已登记第 { $number } 号异议。
cli-objection-list-help = 列出本轮异议
cli-objection-rescore-help = 记录数据更正后按同一规则、同一模型重新计算的结果
cli-objection-ranking-help = 更正数据后的排名的摘要（默认最新排名）
cli-objection-rescored = 重新计算：得分 { $old_points } → { $new_points }；名次 { $old } → { $new }；{ $old_listed ->
    [yes] 原在名单
   *[no] 原不在名单
 }，{ $new_listed ->
    [yes] 现应在名单
   *[no] 现不应在名单
 }
cli-objection-clock = 公示期还剩 { $days } 天。
cli-objection-ended = 公示期已满，不再登记异议。
cli-objection-overdue = 已过答复期限而未答复：第 { $numbers } 号
cli-objection-open = 待答复
cli-objection-text = 第 { $number } 号：{ $text }
cli-objection-reply = {"  "}{ $on } 答复：{ $text }
cli-objection-answer-help = 主任答复异议并说明理由
cli-objection-outcome-help = upheld 成立、partly 部分成立、dismissed 不成立
cli-objection-answered = 已答复第 { $number } 号异议。
cli-member-help = 成员资格：暂停、恢复、退出
cli-member-id-help = 企业的统一社会信用代码
cli-member-from-help = 自哪一天起（默认今天）
cli-member-suspend-help = 暂停成员资格
cli-member-until-help = 暂停到哪一天（默认直到恢复）
cli-member-resume-help = 结束暂停
cli-member-exit-help = 退出目录
cli-member-reason-help = 事由：integrity、moved_away、closed、no_longer_eligible、own_request、false_material、other
cli-member-cool-down-help = 冷却期截止日，在此之前不得再列入
cli-member-restore-help = 信用修复后恢复资格（须附证明）
cli-member-reverse-help = 撤销一项变更
cli-member-number-help = 要撤销的变更的记录号
cli-member-proposals-help = 按信用记录建议暂停或恢复的成员（第 20 条），由人决定
cli-member-proposals-none = 没有待决定的建议。
cli-member-accept-help = 采纳对一家成员的建议（恢复资格须附信用修复证明）
cli-member-dismiss-help = 不采纳对一家成员的建议，须写明理由
cli-committee-proposed = 建议
cli-committee-grounds = 依据
cli-member-done = 已记录（第 { $number } 号）：{ $enterprise } 自 { $day } 起{ $kind ->
    [member_suspended] 暂停
    [member_resumed] 结束暂停
    [member_exited] 退出
    [member_restored] 恢复资格
    [membership_reversed] 撤销一项变更
   *[credit_dismissed] 不采纳建议
 }。
cli-committee-number = 编号
cli-committee-ground = 事由
cli-committee-received = 收到日期
cli-committee-reference = 登记号
cli-committee-answer-by = 答复期限
cli-committee-factor = 因素
cli-committee-points-in = 要列入者（分，减类别平均）
cli-committee-points-out = 要移出者
cli-committee-outcome = 结果
cli-committee-dimension = 维度
cli-committee-group = 分组
cli-committee-decided = 已决定
cli-committee-wants-in = 评审要列入
cli-committee-wants-out = 评审要移出
cli-committee-systematic = 系统性
cli-yes = 是
cli-review-learn-help = 评审与得分在哪里不一致；主任可用 --release 批准哪些决定成为训练标签
cli-review-release-help = 批准作为训练标签的企业（可多次给出）
cli-review-released = 已批准 { $count } 项决定作为训练标签（批次 { $batch }）。
cli-review-learned = 评审委员会对 { $decided } 家作了决定，其中 { $apart } 家与得分不一致。
