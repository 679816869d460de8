reason-more = { $label } { $value }{ $place }：{ POINTS($points) } 分，比同类平均多 { DECIMAL($difference, digits: 1) } 分
reason-less = { $label } { $value }{ $place }：{ POINTS($points) } 分，比同类平均少 { DECIMAL($difference, digits: 1) } 分
place-better = ，优于 { PERCENT($share, digits: 0) } 的同类企业
place-few = ，优于不足 { PERCENT($share, digits: 0) } 的同类企业
place-first = ，居同类首位
place-last = ，居同类末位（含并列）
reason-unknown = 没有{ $label }的数据：该项最高 { DECIMAL($most, digits: 1) } 分，现按 { DECIMAL($points, digits: 1) } 分计
reason-runs-against = 与声明的方向相反：学习模型给出的分值与指标的好坏方向不一致，请核对
value-unknown = 不详
value-yes = 是
value-no = 否
value-of-key_industry = { $value ->
    [1] 是
    [0] 否
   *[other] 相关行业
  }
value-share = { PERCENT($value) }
value-money = { MONEY($value) }
value-money-each = { MONEY($value) }/人
value-persons = { DECIMAL($value, digits: 0) } 人
value-pieces = { DECIMAL($value, digits: 1) } 项
value-years = { DECIMAL($value, digits: 1) } 年
value-days = { DECIMAL($value, digits: 0) } 天
value-points = { DECIMAL($value, digits: 1) } 分
value-number = { DECIMAL($value, digits: 2) }
value-other = { DECIMAL($value, digits: 2) } { $unit }
value-place = 居同行前 { PERCENT($value, digits: 0) }
value-place-low = 居同行后 { PERCENT($value, digits: 0) }
value-place-all = 居全部企业前 { PERCENT($value, digits: 0) }
value-place-all-low = 居全部企业后 { PERCENT($value, digits: 0) }
factor-status = 发展现状
factor-contribution = 区域贡献
factor-growth = 成长性
factor-industry = 行业
factor-innovation = 创新
factor-talent = 人才
factor-market = 市场与社会评价
factor-integrity = 诚信
source-card = 评分卡
source-growth = 成长性模型
source-listing = 入选倾向模型
zone-in = 稳居名单内
zone-grey = 临界
zone-out = 名单外
size-large = 大型
size-medium = 中型
size-small = 小型
size-micro = 微型
size-undetermined = 待定
via-points = 按得分
via-quota = 因最低名额
via-override = 委员会决定
change-none = 在可改变的指标中，任意改动两项（限于同类企业的取值范围）都不足以入选。
change-needed = 再多 { DECIMAL($lacks, digits: 2) } 分可入选，改变最少的办法：
change-step = { $label }由 { $before } 变为 { $after }
ranking-model-gone = 该排名所用的{ $source ->
    [growth] 成长性
   *[listing] 入选倾向
  }模型第 { $version } 版已不存在。请重新运行 mulu rank。
