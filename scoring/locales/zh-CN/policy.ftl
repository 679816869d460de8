nearest-name = 您是否想写“{ $name }”？
policy-file-unreadable = 无法读取政策文件“{ $file }”（{ $cause }）。请检查路径与权限，文件须为 UTF-8 编码的 YAML。
policy-not-yaml = 政策文件“{ $file }”第 { $line } 行不是合法的 YAML：{ $cause }。请检查缩进、冒号与引号。
policy-key-twice = 政策文件“{ $file }”中同一字段只能写一次：“{ $key }”在第 { $first } 行与第 { $line } 行重复。请删去其中一处。
edition-unknown = 没有名为“{ $edition }”的政策版本。{ NEAREST($nearest) }现有版本：{ $known }；也可以给出 YAML 文件的路径。
edition-invalid = 政策文件“{ $file }”有 { $count } 处错误，请逐一改正后重试：{ $mistakes }
edition-field-unknown = 第 { $line } 行：不认识字段“{ $field }”。{ NEAREST($nearest) }此处可用：{ $known }。
edition-field-missing = 第 { $line } 行：缺少必填字段“{ $field }”。请补上。
edition-value-not-one-of = 第 { $line } 行：字段“{ $field }”的值“{ $value }”不可用。可用：{ $known }。
edition-value-kind = 第 { $line } 行：字段“{ $field }”须为{ $wanted ->
    [number] 数字
    [whole] 整数
    [date] 日期（如 2026-01-01）
    [text] 文字
    [section] 下含字段的一节
    [list] 列表
   *[truth] true 或 false
  }，现为“{ $value }”。
edition-value-bound = 第 { $line } 行：字段“{ $field }”须{ $side ->
    [above] 大于
    [least] 不小于
    [below] 小于
   *[most] 不大于
  } { DECIMAL($bound, digits: 4) }，现为“{ $value }”。
edition-value-empty = 第 { $line } 行：字段“{ $field }”不得为空。
edition-value-name = 第 { $line } 行：字段“{ $field }”的名称“{ $value }”不可用：须以小写字母开头，只含小写字母、数字、- 与 _。
edition-value-wrong = 第 { $line } 行：字段“{ $field }”的值“{ $value }”不可用（{ $cause }）。请对照已发布的版本改正。
edition-one-test = 第 { $line } 行：“{ $field }”的条件须且只须给出一种判断：{ $known }。
edition-bands-or-categories = 第 { $line } 行：“{ $field }”须给出分档 bands 或类别 categories 之一，不可同时给出或同时缺少。
edition-bands-order = 第 { $line } 行：“{ $field }”的分档须按门槛从小到大排列，且不得重复。
edition-weights-one = 第 { $line } 行：“{ $field }”的三个权重 scorecard、growth、listing 之和须为 1，现为 { DECIMAL($total, digits: 4) }。
edition-quota-empty = 第 { $line } 行：名额“{ $field }”须给出 min 或 max。
edition-quota-crossed = 第 { $line } 行：名额“{ $field }”的 min 不得大于 max。
edition-name-unknown = 第 { $line } 行：名额指向不存在的“{ $name }”。{ NEAREST($nearest) }可用：{ $known }。
edition-name-twice = 第 { $line } 行：“{ $name }”重复。同一名称在此处只能出现一次。
edition-reference-unknown = 第 { $line } 行：依据“{ $name }”没有写入 references。{ NEAREST($nearest) }已有依据：{ $known }。
edition-feature-unknown = 第 { $line } 行：指标目录中没有“{ $name }”。{ NEAREST($nearest) }可用：{ $known }。
edition-industry-code = 第 { $line } 行：重点产业“{ $name }”的行业代码“{ $value }”不在国民经济行业分类（GB/T 4754-2017）中。请写大类、中类或小类的代码，如 56、651、5821。
edition-bands-kind = 第 { $line } 行：指标“{ $feature }”是{ $kind ->
    [category] 类别，须用 categories 计分
   *[number] 数值，须用分档 bands 计分
  }。
edition-unit-differs = 第 { $line } 行：指标“{ $feature }”的门槛单位写作“{ $unit }”，可用的单位：{ $known }。
edition-bands-direction = 第 { $line } 行：指标“{ $feature }”的分档与其方向相反：目录声明{ $direction ->
    [1] 数值越大越好，分值须随数值上升
   *[other] 数值越小越好，分值须随数值下降
  }。
edition-restricted-feature = 第 { $line } 行：指标“{ $feature }”受限制（{ $restriction ->
    [fair_competition] 公平竞争审查条例
   *[other] { $restriction }
  }）。{ $since } 以后生效的版本不得使用，除非在 legal.grounds 中写明“{ $restriction }”的法律依据。
edition-not-in-force = 政策版本“{ $edition }”的有效期至 { $until }，不能用于 { $as_of } 的排名。请换用仍在有效期内的版本。
