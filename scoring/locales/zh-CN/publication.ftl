publication-folder-exists = 文件夹 { $path } 已经存在。公布的名单不得覆盖；请另选位置。
publication-no-term = 办法 { $edition } 到 { $last } 为止，而名单须在公示期满后自 { $first } 起生效，没有有效期。请缩短公示期，或延长办法的期限。
publication-needs-record = 评审 { $round } 尚未附公平竞争审查记录，不能公布。请先运行 mulu review record 文件 --reference 文号。
dossier-points-hidden = 本轮规定先表决后看分：您尚未对 { $enterprise } 表决，不能取得其说明页。请先表决。
dossier-not-ranked = { $enterprise } 没有名次（不符合资格或不属于任何类别），没有说明页。请用 mulu explain 查看原因。
publication-list-differs = 现在生成的名单（{ $drawn }）与签署的名单（{ $signed }）不一致，不能公布。请检查排名文件是否被改动，或重新冻结并签署。
publication-unreadable = { $path } 不是一个完整的公布文件夹（缺少可读的 manifest.json）。请检查路径。
publication-other-form = 这是第 { $form } 版式的文件夹，本程序生成第 { $writes } 版式：已核对各文件哈希、由依据重新得出的成员及其次序；表格文件未逐字节比较（须用公布时的程序）。
publication-fault-file-missing = 缺少文件：{ $place }
publication-fault-file-changed = 文件内容被改动：{ $place }
publication-fault-file-unknown = 多出清单之外的文件：{ $place }
publication-fault-basis-unreadable = 名单依据无法读取：{ $place }
publication-fault-list-differs = 重新生成的名单与文件不一致：{ $place }
publication-fault-ledger-broken = 账本的链条不完整，无法核对（请运行 mulu verify）{ $place }
publication-fault-round-unknown = 账本中没有这一轮评审：{ $place }
publication-fault-manifest-unrecorded = 清单与账本中登记的不一致：{ $place }
publication-fault-decisions-differ = 名单依据中的决定与账本不一致：{ $place }
ledger-fault-changed = 第 { $place } 号记录被改动
ledger-fault-removed = 第 { $place } 号记录之前有记录被删除
ledger-fault-inserted = 第 { $place } 号记录是插入的或前后不相连
ledger-fault-reordered = 第 { $place } 号记录的次序被改动
ledger-fault-cut-off = 账本的末尾被删去：已公布的 { $place } 记载的记录不在账本中
publication-fault-ledger-behind = 账本缺少公布时的第 { $place } 号记录
verify-path-missing = 找不到 { $path }。请给出公布文件夹或账本导出文件。
publication-column-position = 序号
publication-column-name = 企业名称
publication-column-enterprise-id = 统一社会信用代码
publication-column-track = 类别
publication-column-industry = 所属行业
publication-column-size-class = 企业规模
publication-column-street = 街道(镇)
publication-column-score = 得分
publication-column-rank = 类别内名次
publication-column-via = 入选方式
publication-column-members = 入选家数
publication-via-points = 按得分
publication-via-committee = 评审决定
publication-size-large = 大型
publication-size-medium = 中型
publication-size-small = 小型
publication-size-micro = 微型
publication-size-undetermined = 未判定
publication-sheet-list = 目录
publication-sheet-tracks = 分类统计
publication-note-edition = 依据：{ $title }。数据截至 { $as_of }。
publication-note-list = 本目录共 { $members } 家企业，{ $published_on } 公示。
publication-note-advice = 得分由公布的规则计算，名单由评审委员会审定；列入目录不等于给予任何资金。
publication-size-not_covered = 不适用划型标准
publication-size-unknown = 未判定
publication-column-listed = 是否入选
publication-column-decision = 评审决定
publication-column-in-wan = { $label }(万元)
publication-yes = 是
publication-sheet-working = 评审工作表
publication-note-internal = 内部使用，不得对外公布。
publication-note-unit = 金额单位：万元；比例以百分数表示。

# 图
chart-base = 起点分
chart-rest = 其余 { $count } 项
chart-score = 得分
chart-waterfall-title = 各指标分值相加为得分 { DECIMAL($score, digits: 1) }
chart-members = 入选家数
chart-factors-title = 各因素得分，竖线为同类中位数
chart-against-median = { POINTS($points) }（中位 { POINTS($median) }）

# 企业说明书
dossier-code = 统一社会信用代码
dossier-listed = 已列入目录（第 { $position } 位）。
dossier-not-listed = 未列入目录。
dossier-reserve = 未列入目录，列为候补第 { $position } 位。
dossier-draft = 工作稿：评审尚未结束，本页不是决定，不得对外提供。
dossier-draft-listed = 按目前的名单列入（第 { $position } 位）。
dossier-draft-reserve = 按目前的名单列为候补第 { $position } 位。
dossier-draft-not-listed = 按目前的名单未列入。
dossier-decision = 评审委员会决定：{ $kind }；理由类型：{ $reason }。
dossier-score = 得分
dossier-rank = 类别内名次
dossier-interval = 名次区间
dossier-inclusion = 数据与权重变动时仍入选的可能
dossier-coverage = 资料完整度
dossier-number = { DECIMAL($value, digits: 1) }
dossier-rank-of = 第 { $rank } / { $ranked }
dossier-interval-of = 第 { $low } 至 { $high }
dossier-share = { PERCENT($value, digits: 0) }
dossier-note-inclusion = 名次区间：数据与权重在合理幅度内变动时，九成情况下名次落在此区间。
dossier-factors = 各因素得分
dossier-sum = 得分由哪些指标相加而成
dossier-for = 高于同类平均的方面
dossier-against = 低于同类平均的方面
dossier-unknown = 没有资料的方面
dossier-reason-plain = { $label }：{ POINTS($points) } 分
dossier-object = 如有异议
dossier-object-text = 公示期至 { $until } 止。请以书面形式加盖公章，附证明材料，向发布单位提出；发布单位将书面答复并说明理由。资料有误的，更正后按同一规则重新计算。
dossier-footer = 方案 { $edition }；数据截至 { $as_of }；排名 { $ranking }；名单 { $list }。本页可离线打开，不含外部链接。

# 名单说明
list-page-subtitle = { $published_on } 公示，公示期至 { $until }；自 { $first } 起生效，有效期至 { $last }
list-page-members = 入选企业
list-page-all-ranked = 参与排名的企业
list-page-small = 其中小型和微型企业
list-page-decisions = 评审委员会作出的决定
list-page-how = 名单如何产生
list-page-how-text = 企业按公布的规则得分，名单在名额规则下取总分最高者；评审委员会 { $seats } 人，共投 { $votes } 票，作出 { $decisions } 项有理由的决定，回避 { $recusals } 人次；名单由 { $signatures } 人签署（含主任）。
list-page-corrects = 本名单更正 { $round } 轮公布的名单（清单摘要 { $manifest }）。
list-page-by-track = 按类别
list-page-by-size-class = 按企业规模
list-page-by-industry-section = 按行业门类
list-page-by-street = 按街道（镇）
list-page-ranked = 参与排名
list-page-rate = 入选比例
list-page-size = 规模
list-page-rank = 名次
list-page-places = { $members } 家
list-page-mark = 名次为类别内的名次；序号前有“＊”的，经评审委员会作出决定，其余按得分入选。
list-page-check = 如何核对
list-page-check-text = 文件夹内 manifest.json 列出每个文件的 SHA-256；运行 mulu verify 文件夹，可逐字节重建名单并与账本核对。

# 方法说明
method-title = 方法说明
method-owner = 责任单位
method-owner-text = 责任单位：名单的发布单位。规则由发布单位制定、签发并负责解释；本软件只作计算，不作决定。
method-purpose = 用途与依据
method-purpose-text =
    用于编制《{ $title }》。依据 2020 年 4 月 24 日印发的《长宁区关于加快推进科技创新人才集聚区建设的若干意见》第 10 条：综合企业发展现状、区域贡献度、成长性等因素建立目录，并注重纳入有发展潜力的创新型小微企业。
    不用于：评价个人，确定任何资金数额，或自动作出决定。
method-process = 决定过程与人的监督
method-process-text =
    企业只与同类比较。评审委员 { $seats } 人先各自投票，再看他人意见；有利害关系的委员须回避，且看不到该企业。本轮投票 { $votes } 次，作出决定 { $decisions } 项，回避 { $recusals } 人次。
    委员可以列入、不列入、暂缓或调整名次，须写明理由；改变是否入选的，须第二人复核。名单冻结后由 { $signatures } 人签署，主任须在其中。
method-logic = 计算方法
method-logic-text = { $basis }每家企业的每一分都可以分解到指标，各指标分值之和等于得分。分数相同时依次按方案规定的次序、企业代码排列。
method-data = 所用数据
method-data-text = 数据截至 { $as_of }，来自企业申报和有关部门依法共享的资料。不使用统计调查中的单个企业资料，不使用个人信息。没有资料的指标按“不详”计分，并在企业说明书中列明。
method-evaluation = 效果评估
method-evaluation-text = 下表列出不同规模企业的入选情况；使用学习模型的，列出模型版本及其证据强弱。
method-limits = 风险与限制
method-limits-text =
    { $statement }
    得分有不确定性：名次区间和入选可能性在每家企业的说明书中列出。资料不全的企业可能被低估，请及时补充资料。
method-appeal = 异议与复核
method-appeal-text = 公示期至 { $until }。异议须书面提出、加盖公章并附证据；匿名且没有线索的不予受理。发布单位书面答复并说明理由；更正资料后按同一规则和同一模型重新计算。
method-reference = { $document }，{ $article }
method-reference-article = { $document }第 { $article } 条
method-below = 其他
method-band = { $reached }：{ DECIMAL($points) } 分
method-head-criterion = 指标
method-head-bands = 标准（达到：得分）
method-head-most = 最高分
method-head-ref = 依据
method-head-factor = 因素
method-head-known = 有资料的企业
method-head-size = 规模
method-head-listed = 入选
method-head-ranked = 参与排名
method-head-rate = 入选比例
method-head-model = 模型
method-head-version = 版本
method-head-digest = 模型文件摘要
method-head-verdict = 证据
method-head-weight = 权重
method-table-data = 指标与资料完整度
method-table-size = 按企业规模
method-head-validated = 验证样本
method-head-auc = 区分能力（AUC，0.5 为随机）
method-head-interval = 95% 区间
method-table-evidence = 学习模型在各规模企业中的区分能力
method-table-models = 学习模型
method-model-growth = 成长潜力
method-model-listing = 历年评审的取向
method-verdict-strong = 强
method-verdict-some = 有一些
method-verdict-little = 很少，不使用

# 公示
notice-day = { $year }年{ $month }月{ $day }日
notice-title = 关于{ $title }拟入选企业名单的公示
notice-body = 根据《长宁区关于加快推进科技创新人才集聚区建设的若干意见》，经资料审核、评分和评审委员会审定，拟将 { $members } 家企业列入{ $title }（数据截至{ $as_of }），现予公示。
notice-period = { $days ->
    [0] 公示期：自{ $published_on }起，至{ $until }止。
   *[other] 公示期：自{ $published_on }次日起 { $days } 个工作日，至{ $until }止。
 }
notice-objection = 公示期内，对拟入选企业有异议的，请以书面形式提出，写明事实和理由，附证明材料；以单位名义提出的须加盖公章，以个人名义提出的须签名并留联系方式。
notice-anonymous = 匿名且不能提供具体线索的异议，不予受理。
notice-effect = 公示期满后，名单自{ $first }起生效，有效期至{ $last }。
notice-corrects = 本名单更正 { $round } 轮公布的名单，以本名单为准。
notice-contact = 联系电话：________________
notice-address = 联系地址：________________
notice-annex = 附件：拟入选企业名单
notice-office = （发布单位盖章）
notice-date = { $published_on }
notice-list = 附件 拟入选企业名单

# 供其他系统使用的导出
entitlement-description = 目录成员资格的有效期（评审 { $round }）。每行一家企业；日期含首尾两日。
entitlement-field-id = 统一社会信用代码
entitlement-field-track = 类别代码
entitlement-field-from = 有效期起(含)
entitlement-field-to = 有效期止(含)
recommendation-name = 企业名称
recommendation-enterprise-id = 统一社会信用代码
recommendation-ground = 推荐依据
recommendation-from = 有效期起
recommendation-to = 有效期止
recommendation-because = 列入人才政策重点扶持企业目录（{ $track }），依据若干意见第 17 条优先推荐
