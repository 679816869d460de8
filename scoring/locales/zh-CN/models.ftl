model-columns-differ = 模型需要它学过的列，名称与类型都要一致。缺少：{ $missing }；类型不同：{ $kind }。请用当前指标目录重新训练，或用模型的目录排名。
model-files-missing = 已登记模型的文件应在登记处，但 { $path } 不在。请恢复该文件，或重新训练。
model-files-changed = 模型文件必须与登记时一字不差，但 { $path } 已不同。该模型不予使用。请恢复该文件，或重新训练。
model-format-newer = 模型文件的格式为 { $found }，比本程序所知的 { $known } 新。请升级 mulu 后使用。
model-version-unknown = 目标“{ TARGET($target) }”的模型没有第 { $version } 版。已有：{ $known }。
registry-unreachable = MLflow 数据库 { $uri } 不能使用：{ $cause }。请检查 MULU_MLFLOW_TRACKING_URI 以及路径是否可写；未登记任何内容。
group-column-unknown = 验证不能按“{ $column }”分组。可用的列：{ $known }。
group-column-single = 验证至少需要两个组，但“{ $column }”只有一个取值（{ $value }）。请换一列。
validation-impossible = 验证要求训练与测试都有正反两类。现有标签 { $rows } 行、正例 { $positives } 行，没有一种划分做得到。请补充年份或标签。
training-no-labels = 目标“{ TARGET($target) }”没有标签：没有一个时点的结果已知。请导入往年的决定、结果或后续年份的报表。
training-one-class = 训练需要正例和反例；{ $rows } 行标签中正例为 { $positives } 行。请把另一类的决定或结果也导入。
training-few-positives = 训练目标“{ TARGET($target) }”至少需要 { $needed } 个正例和 { $needed } 个反例；时点 { $dates } 只有 { $positives } 个和 { $negatives } 个。{ $target ->
    [growth] 增加往年数据、降低成长门槛或引入邻区的结果会有帮助。
    [listing] 补充更多往年的认定决定会有帮助。
   *[other] 增加往年数据或引入邻区的结果会有帮助。
}
model-verdict-strong = 信号强：模型明显优于随机，优于所有基线。
model-within-size = 在同规模企业之间，ROC-AUC 为 { FIXED($value, digits: 3) }（95% 区间 { FIXED($low, digits: 3) }–{ FIXED($high, digits: 3) }）。
model-within-size-unknown = 参加检验的企业中已知的规模类型不足两种，未能检验模型在同规模企业之间能否排序。
model-verdict-some = 有一定信号：模型优于随机，但并不明显优于每一种更简单的办法。
model-verdict-little = 信号弱：模型与随机难以区分。排名只用评分卡。
model-note-one-date = 只有一个时点有标签，无法按时间检验；同期的数字偏乐观。验证按 { $group } 分开。
model-note-only-size = 模型大体只是重新找出了大企业：比仅看规模高出 { FIXED($gain, digits: 3) }（下限 { FIXED($low, digits: 3) }）。
model-note-little = ROC-AUC 的下限为 { FIXED($low, digits: 3) }；低于 0.55 时不使用模型。
model-note-single-varies = 各折中最好的单项指标并不相同：{ $features }。
model-monotone-violated = 声明为有利的指标绝不可降低分数，但 { $features } 会降低。该模型不予登记；请不约束其方向再训练（--monotone）。
promotion-reason-missing = 提名{ TARGET($target) }模型的第 { $version } 版需要写明理由。
promotion-already = { TARGET($target) }模型第 { $version } 版已在任。
promotion-little = { TARGET($target) }模型第 { $version } 版信号弱，不能上任；没有更强的在任模型时，排名只用评分卡。
promotion-not-proposed = 还没有人提名{ TARGET($target) }模型的第 { $version } 版。须一人提名、另一人确认。
promotion-stale = { TARGET($target) }模型第 { $version } 版被提名后，在任模型已变更（现为第 { $champion } 版）。请按新的比较重新提名。
promotion-same-person = 上任须两人：{ $person } 提名了{ TARGET($target) }模型的第 { $version } 版，不能自己确认。
rollback-none = { TARGET($target) }模型没有更早的在任模型可以退回。
drift-none = 现在的企业与模型学过的相似。
drift-some = 模型有 { $count } 项指标与训练时不同（{ PERCENT($share, digits: 0) }）：{ $features }。请谨慎看待排名。
drift-many = 模型有 { $count } 项指标与训练时不同（{ PERCENT($share, digits: 0) }）：{ $features } 等。模型面对的是它不了解的企业；请重新训练后再排名。
model-none = 目标“{ TARGET($target) }”还没有模型。已登记：{ $known }。先训练：mulu train --target { $target }
promotion-auditor = { $person } 是审计人员，只作旁观。提名和确认模型由分析员、委员或主任办理。
interaction-feature-unknown = 模型没有学过 { $features }。它的指标：{ $known }。
target-name-growth = 成长性
target-name-listing = 入选倾向
target-name-closure = 关闭
target-name-outcome = 结果“{ $name }”
drift-many-newest = 模型有 { $count } 项指标与训练时不同（{ PERCENT($share, digits: 0) }）：{ $features } 等。现有数据它都已学过，重新训练不会改变；排名请多看评分卡与理由，待新的结果入库后再训练。
drift-filled = { $filled } 项主要是资料的有无变了（例如训练所用的早年资料较少），不是企业变了。
