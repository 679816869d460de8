ranking-nobody = { $as_of } 之前没有任何企业的登记或报表。请先运行 mulu intake 入库数据，或把 --as-of 设为更晚的日期。
saved-none = 还没有{ $what ->
    [ranking] 排名。请先运行 mulu rank。
   *[selection] 建议名单。请先运行 mulu select。
  }
saved-gone = { $what ->
    [ranking] 排名
   *[selection] 建议名单
  }“{ $digest }”的文件不在 { $path } 中，其中没有任何文件。请从备份恢复，或重新运行{ $what ->
    [ranking]  mulu rank
   *[selection]  mulu select
  }。
saved-unknown = 找不到以“{ $digest }”开头的唯一一份{ $what ->
    [ranking] 排名
   *[selection] 建议名单
  }。最近的有：{ $known }；用 latest 表示最新一份。
model-catalogue-differs = { TARGET($target) }模型（第 { $version } 版）所学的指标与现在的算法不一致，不能用于排名：{ $features }。请运行 mulu train --target { $target } 重新训练。
enterprise-unknown = 排名中没有企业“{ $enterprise }”。{ NEAREST($nearest) }请用统一社会信用代码（或登记用的标识）或完整名称。
enterprise-ambiguous = 名称“{ $enterprise }”对应多家企业：{ $known }。请改用标识。
note-no-model = 没有{ $source ->
    [growth] 成长性
   *[listing] 入选倾向
  }模型：其权重计入评分卡。
note-model-little = { $source ->
    [growth] 成长性
   *[listing] 入选倾向
  }模型（第 { $version } 版）的信号太弱，未参与评分：其权重计入评分卡。
note-model-restricted = { $source ->
    [growth] 成长性
   *[listing] 入选倾向
  }模型使用了本版本不得使用的指标（{ $features }），未参与评分：其权重计入评分卡。
note-model-not-promoted = { $source ->
    [growth] 成长性
   *[listing] 入选倾向
  }模型（第 { $version } 版）尚未经两人签字启用，按最新版本使用。
note-no-list = 名额不能同时满足，没有可行的名单：入选概率一律为 0。mulu select 会指出互相冲突的名额。
mode-card = 得分全部来自评分卡，没有使用学习模型。
mode-blend = 得分由评分卡与学习模型共同计算。
mode-little = { $source ->
    [growth] 成长性
   *[listing] 入选倾向
  }模型经检验信号太弱，没有参与计分。
track-none = 不属于任何一类
key-industry-none = 不属于重点产业
age-band = { $band } 年
reason-no-track = 不符合任何一类的条件
reason-no-track-unknown = 现有数据不足以归入任何一类
note-drift-some = { $source ->
    [growth] 成长性
   *[listing] 入选倾向
  }模型（第 { $version } 版）有 { $count } 项指标（{ PERCENT($share, digits: 0) }）与训练时明显不同，如{ $features }。请谨慎看待排名；全部见模型页“与训练时相比”，或运行 mulu models drift。
note-drift-many = { $source ->
    [growth] 成长性
   *[listing] 入选倾向
  }模型（第 { $version } 版）有 { $count } 项指标（{ PERCENT($share, digits: 0) }）与训练时明显不同，如{ $features }。模型面对的是它不了解的企业：排名照算，但请先重新训练再据以决定。
note-drift-many-newest = { $source ->
    [growth] 成长性
   *[listing] 入选倾向
  }模型（第 { $version } 版）有 { $count } 项指标（{ PERCENT($share, digits: 0) }）与训练时明显不同，如{ $features }。现有数据它都已学过，重新训练不会改变：请多看评分卡与理由；全部见模型页“与训练时相比”，或运行 mulu models drift。
