cli-intake-help = 文件入库（CSV、XLSX、XLS），每个文件为一个批次，要么全部写入，要么不写。`mulu intake undo 批次` 撤回尚未被任何决定使用的批次。
cli-intake-files = 文件；或者 undo 加上要撤回的批次（或待答复的文件）
cli-intake-mapping = 映射文件（YAML）：哪一列是哪个字段、用什么单位，以及对提问的回答
cli-intake-table = 文件可能属于多个数据表时，写明是哪一个
cli-intake-known-on = 文件内容自何日起为我们所知（YYYY-MM-DD）；默认以映射文件为准，否则为今天
cli-intake-dry-run = 只读取和检查，不写入
cli-intake-actor = 由谁提交；默认为本机用户
cli-intake-done = 已入库：{ $file } 为批次 { $batch }。
cli-intake-held = 暂缓：{ $file } 有待回答的问题，没有写入任何数据。请在映射文件中回答后重新入库。
cli-intake-draft = 回答用的映射草稿（在 ? 处填写）：{ $path }（然后：mulu intake { $file } --mapping { $path }）
cli-intake-dry = 试运行：{ $file } 已读取并检查，没有写入任何数据。
cli-intake-nothing = 没有入库：{ $file } 没有一行可以写入。
cli-intake-rows = 行数：{ $rows } = 接受 { $accepted } + 退回 { $rejected } + 重复 { $repeated } + 搁置 { $aside }（空行、合计、注释）。
cli-intake-tables = 已写入：{ $tables }。
cli-intake-more = 另有 { $count } 条。
cli-intake-withdrawn = 批次 { $batch } 已撤回。文件仍保留，但不再读取。
cli-intake-held-withdrawn = { $file } 不再等待答复；暂存的文件已删除，记录保留。
cli-status-help = 库中有什么：数据表、期间、各字段填报情况、批次、待答问题。
cli-status-home = 数据目录 { $home }，数据库 { $database }
cli-status-empty = 库中还没有数据。请用 mulu intake 文件 入库。
cli-status-table = 数据表
cli-status-rows = 行数
cli-status-enterprises = 企业数
cli-status-first = 最早
cli-status-last = 最晚
cli-status-known = 知悉日
cli-status-field = 字段
cli-status-filled = 填报率
cli-status-latest = 最近一期
cli-status-batch = 批次
cli-status-source = 来源
cli-status-by = 提交人
cli-status-state = 状态
cli-status-withdrawn = 已撤回
cli-status-question = 等待回答：{ $file }（{ $count } 个问题）
cli-doctor-help = 检查数据是否完好：账本、事实文件、中断的写入、磁盘。
cli-doctor-repair = 清除中断的写入留下的文件；绝不动已登记的事实
cli-doctor-database = 数据库（{ $dialect }）已打开，结构为最新。
cli-doctor-ledger = 账本的链条完整，共 { $events } 个事件。
cli-doctor-ledger-fault = 故障：账本第 { $seq } 号事件异常（{ $code }）。请从备份恢复数据库。
cli-doctor-files = { $batches } 个批次的事实文件全部与写入时一致。
cli-doctor-file-missing = 故障：缺少 { $path }（批次 { $batch }，数据表 { $table }）。请恢复该文件，或 mulu intake undo { $batch } 后重新入库。
cli-doctor-file-changed = 故障：{ $path } 已损坏（批次 { $batch }，数据表 { $table }）。请恢复该文件，或 mulu intake undo { $batch } 后重新入库。
cli-doctor-swept = 已清除中断的写入留下的 { $count } 个文件。
cli-doctor-leavings = 有 { $count } 个中断的写入留下的文件占用空间，不会被读取。mulu doctor --repair 可清除。
cli-doctor-disk = 剩余空间 { $free_gib } GiB。
cli-doctor-disk-low = 剩余空间仅 { $free_gib } GiB。请在下次入库前清理。
cli-doctor-sound = 数据完好。
cli-doctor-unsound = 数据不完好，见以上故障。
cli-intake-findings = 问题清单（XLSX）写到哪个文件夹；默认写在入库文件旁边
cli-intake-workbook = 问题清单（有问题的单元格已着色）：{ $path }
cli-intake-rejects = 退回的行（含原因）：{ $path }
cli-status-period = 期间截至
cli-status-months = 月数
cli-status-more-periods = 另有 { $count } 个更早的期间。
cli-status-draft = 在此填写回答后，用 --mapping 重新入库：{ $path }
cli-status-held = 由 { $by } 提交。也可在“数据”页面回答；撤回：mulu intake undo { $held }
cli-intake-read-csv = 读作：CSV，编码 { $encoding }，以{ $delimiter ->
    [tab] 制表符
    [semicolon] 分号
    [bar] 竖线
    [full-comma] 全角逗号
   *[comma] 逗号
  }分隔。
cli-intake-read-xlsx = 读作：XLSX 工作簿。
cli-intake-read-xls = 读作：XLS 工作簿（旧格式）。
