quota-total = 总名额
quota-track = “{ $name }”{ $side ->
    [max] 最多名额
   *[min] 最少名额
  }
quota-small_and_micro = 小微企业最低占比
quota-industry = 行业门类 { $name } 最多名额
quota-key_industry = 重点产业“{ $name }”{ $side ->
    [max] 最多名额
   *[min] 最少名额
  }
quota-street = { $name }最少名额
quota-group = { $name ->
    [none] 每个企业集团最多名额
   *[other] 企业集团“{ $name }”最多名额
  }
list-track = { $track }：{ $count } 家，最低 { DECIMAL($lowest, digits: 1) } 分
list-binding = { $quota }（{ $number }）{ $side ->
    [max] 已用尽：多一个名额
   *[min] 起约束作用：少一个名额
  }，名单合计可多 { DECIMAL($price, digits: 1) } 分
list-binding-who = 届时 { $enters } 入选{ $out ->
    [0] {""}
   *[other] ，{ $leaves } 落选
  }
list-near-miss = { $name }：再多 { DECIMAL($lacks, digits: 2) } 分可入选
list-near-miss-quota = { $name }：再多 { DECIMAL($lacks, digits: 2) } 分可入选；或{ $quotas }放宽一个名额
explain-track = 类别：{ $track }（{ $rule }）
explain-track-alone = 类别：{ $track }
explain-place = 得分 { DECIMAL($score, digits: 2) }，在同类 { $count } 家中列第 { $rank }（名次区间第 { $low } 至 { $high }），该类最多 { $places } 个名额，入选概率 { PERCENT($inclusion, digits: 0) }
explain-ineligible = 不参加排名：{ $reason }
explain-track-lacks = 补充下列数据后可重新归类：{ $fields }
explain-track-rules = 各类的条件（符合任一条即可）：
explain-field-size_class = 企业规模
explain-field-key-industry = 行业代码
explain-field-ownership = 所有制
explain-field-street = 街镇
explain-field-name = 名称
explain-field-industry_code = 行业代码
explain-field-industry_name = 行业名称
explain-field-industry_section = 行业门类
explain-field-region = 地区
explain-field-group_id = 所属企业集团
explain-field-status = 登记状态
explain-field-revenue_cny = 营业收入
explain-field-employees = 从业人员
explain-coverage = 评分所依据的数据完整 { PERCENT($coverage, digits: 0) }
origin-value = { $label }：{ $value }
origin-definition = 定义：{ $definition }
origin-inputs = 由下列数据算出：{ $inputs }
