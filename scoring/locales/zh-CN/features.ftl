# 指标目录与指标矩阵的拒绝语
engine-unknown = 计算引擎须是 { $known } 之一；给的是“{ $engine }”。请用 --engine 指定其中一个。
engine-spark-missing = 使用 Spark 引擎须先安装 pyspark；本机没有（{ $cause }）。请安装 Java 并运行 pip install 'mulu[spark]'，或改用默认引擎 duckdb。
feature-unknown = 指标须在目录中；给的是“{ $feature }”。相近的有：{ $near }。用 mulu features 可看全部。
feature-twice = 指标名称须唯一；重复的有：{ $features }。请改名后再用。
feature-input-unknown = 指标的参数须是时点视图中的列；指标“{ $feature }”用了没有的列：{ $inputs }。请改正参数名，或先声明该自定指标。
factor-unknown = 因素须是 { $known } 之一；给的是：{ $factors }。请改正。
target-unknown = 目标须是已有的目标；给的是“{ $target }”。可用的有：{ $known }。
measure-unknown = 增长的衡量须是报表字段；给的是：{ $measures }。可用的有：{ $known }。
key-industries-invalid = 重点产业表须有 version 和 industries，每个产业写明 zh、en 以及二至四位的行业代码；{ $path } 读不出：{ $cause }。请对照 data/reference/key_industries.yaml 改正。
features-file-ending = 指标目录可写成 { $known }；给的是 { $file }。请改用其中一种后缀。
features-folder-missing = 写文件须有已存在的文件夹；没有 { $folder }。请先建立，或换一个。
enterprise-unknown-at-date = 追溯来源的企业须在该日期已为所知；{ $as_of } 时对 { $enterprise } 一无所知。请用较晚的日期，或核对标识。
origin-unknown = 当时尚无所知：{ $input }
origin-fact = { $input } = { $value }：{ $source } 第 { $row } 行，{ $known_on } 得知
origin-fact-period = { $input } = { $value }：截至 { $period_end } 的 { $months } 个月；{ $source } 第 { $row } 行，{ $known_on } 得知
origin-corrected = { $input } 至当时共有 { $versions } 个版本，以最后得知的为准
