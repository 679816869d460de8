demo-too-small = 合成区至少需要 { $smallest } 家企业、{ $fewest } 个年度，现为 { $enterprises } 家、{ $years } 个年度：数据太少，模型无从学起。请加大 --enterprises。
demo-home-occupied = 演示只能建在空目录里：{ $home } 已有 { $batches } 个批次、{ $events } 条正式记录，演示不会改动它们。请为演示另设目录，例如 MULU_HOME=/tmp/mulu-demo mulu demo。
demo-home-has-others = 演示目录 { $home } 里有 { $batches } 个不属于演示的批次，不能清除。请另设 MULU_HOME 重新演示。
demo-not-wiped = { $setting } 指向演示目录以外的地方（默认是 { $default }），其中可能有他人的数据，演示不会清除它。请取消该设置，或另设 MULU_HOME。
dashboard-port-taken = 端口 { NUMBER($port, useGrouping: 0) } 已被占用。请用 --port 指定一个空闲端口。
dashboard-did-not-start = 界面未能在 { $seconds } 秒内于端口 { $port } 启动，原因见上方输出。请运行 mulu doctor 检查。
demo-create = 生成合成区
demo-intake = 文件入库
demo-intake-file = 入库：{ $file }
demo-train-growth = 训练成长性模型
demo-train-listing = 训练入选倾向模型
demo-rank = 排名
demo-select = 拟定名单
demo-people = 建立账户
demo-round = 开启评审
publication-synthetic = 合成数据，仅供演示：名单中的企业均为虚构，本件没有任何效力。
