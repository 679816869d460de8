intake-progress = 已读 { $rows } 行
intake-file-missing = 需要一个可入库的文件，但 { $path } 不存在。请检查路径。
intake-not-a-file = { $path } 是文件夹，不是文件。请逐个写明文件，例如 { $path }/*.csv。
intake-file-unreadable = 无法打开文件 { $path }：{ $cause }。请检查权限。
intake-file-changed = “{ $file }”在读取时被改动。请等写入完成后重新入库。
intake-file-empty = “{ $file }”是空文件，没有任何行。请向报送单位重新索取。
intake-binary = “{ $file }”不是表格，而是 { $kind } 文件（与文件名无关）。请另存为 CSV 或 XLSX 后再入库。
intake-html = “{ $file }”实际上是网页（HTML 或 XML）改了扩展名。请用表格软件打开，另存为 XLSX 后再入库。
intake-nul = “{ $file }”在偏移 { $offset } 处含有 NUL 字节，不是文本。请重新保存为 CSV 或 XLSX；如果是不带 BOM 的 UTF-16，请在映射文件中写 encoding: utf-16-le。
intake-encoding = “{ $file }”应为 UTF-8、GBK、GB18030 或带 BOM 的 UTF-16。最接近 { $encoding }，但第 { $line } 行、偏移 { $offset } 处的字节 { $byte } 无法识别（已尝试：{ $tried }）。请检查该处，另存为 UTF-8，或在映射文件中写明 `encoding`。
intake-encoding-unknown = 没有名为“{ $encoding }”的编码。请在映射文件中使用 utf-8、gbk、gb18030 或 utf-16 等。
intake-csv-broken = “{ $file }”在第 { $row } 行之后不能按 CSV 读取：{ $cause }。请检查是否有未闭合的引号。
intake-row-too-long = “{ $file }”第 { $row } 行之后：一行最多 { $limit_bytes } 字节，此处超出。请检查是否有未闭合的引号，或某个单元格里放了整篇文档。
intake-too-many-columns = “{ $file }”有 { $columns } 列，最多可读 { $limit } 列。请删去不需要的列。
intake-sheet-too-large = “{ $file }”的一个工作表占 { $cells } 个单元格，最多可读 { $limit } 个。请删除延伸到远处的空行空列。
intake-unpacks-too-large = “{ $file }”解压后将超过 { $limit_bytes } 字节，未予打开。请把数据另存为 CSV。
intake-workbook-broken = 工作簿“{ $file }”已损坏或不是工作簿：{ $cause }。请用表格软件打开后另存为 XLSX。
intake-workbook-encrypted = 工作簿“{ $file }”设有密码。请取消密码另存后再入库。
intake-sheet-missing = “{ $file }”没有工作表 { $sheets }。现有工作表：{ $known }。
intake-no-identifier = “{ $file }”须有一列统一社会信用代码；现有的列：{ $headers }。请在映射文件的 `identifier` 中写明该列，并用 --mapping 指定。
intake-no-fields = “{ $file }”除标识列外没有认识的列；现有的列：{ $headers }。请在映射文件中说明各列对应的字段。
intake-column-missing = 映射文件写了列“{ $column }”，但“{ $file }”中没有。相近的列：{ $near }。请改正映射文件。
intake-column-twice = 列“{ $column }”在“{ $file }”中出现不止一次。请在文件中改名。
intake-statistical-return = “{ $file }”是统计报表（带有标记：{ $marks }）。《中华人民共和国统计法》规定，能够识别单个调查对象的资料不得用于统计以外的目的。未读取任何内容；请让企业另行申报。
mapping-missing = 映射文件 { $path } 不存在。请检查路径。
mapping-not-yaml = 映射文件 { $path } 不是以“mulu_mapping: 1”开头的 YAML：{ $cause }。
mapping-invalid = 映射文件 { $path } 有错误，已全部列出（∉ 之后为允许的值）：{ $problems }。请改正后重试。
mapping-file-name = 该映射适用于文件名符合 { $pattern } 的文件，而此文件是“{ $file }”。请使用对应的映射文件，或改正 `files`。
mapping-file-group = 映射要从文件名“{ $file }”中取“{ $group }”，但 `files` 没有给出同名的整数。已有的组：{ $known }。
mapping-period-needed = “{ $file }”的映射要从期末推算日期（`from: period_end` 或 `after_period_end`），但没有写明 `period`。请补充。
mapping-period-end = “{ $file }”的期末须为日期或某一列。请改正映射文件的 `period: end`。
indicator-declared-otherwise = 自定指标 { $indicator } 已声明为 { $declared }，不能改为 { $asked }，否则新旧数值无法比较。请换用新的代码。
batch-used = 批次 { $batch } 不能撤回：入库之后已有决定（{ $subject }，第 { $event } 号事件）。请入库一份更正文件；以后知悉的为准。
held-unknown = 没有编号为 { $held } 的待答复文件。待答复的有：{ $known }。可用 mulu status 查看。
held-answered = “{ $file }”在显示之后已被他人回答、重新暂缓或撤回。请查看现在的待答复文件。
held-file-needed = “{ $file }”没有暂存，回答时须重新提供该文件。请在回答处选择文件。
held-file-other = 提供的文件须与待答复的“{ $file }”逐字节相同，但这是另一份文件。请作为新文件导入。
held-file-changed = “{ $file }”的暂存文件 { $path } 与写入时不同。请撤回后重新导入。

severity-question = 待答
severity-error = 错误
severity-warning = 警告
severity-note = 提示
findings-list = 发现的问题
findings-rows = 有关的行
findings-sheet = 工作表
findings-severity = 级别
findings-code = 代码
findings-text = 说明
findings-row = 行
findings-column = 列
findings-before = 原文
findings-after = 读作

finding-more-of-the-same = 同类情况另有 { $count } 处（{ $code }），只计数，不逐条列出。
finding-file-encoding = 文件编码为 { $encoding }，已按此读取。
finding-file-delimiter = 单元格以{ $delimiter ->
    [tab] 制表符
    [semicolon] 分号
    [bar] 竖线
    [full-comma] 全角逗号
   *[comma] 其他符号
  }分隔，而非逗号；已按此读取。
finding-sheet-not-read = 工作表“{ $sheet }”没有标识列或没有认识的列，未读取。
finding-rows-hidden = 工作表“{ $sheet }”有 { $count } 行被隐藏，已与其他行一样读取。请取消隐藏后核对。
finding-columns-not-read = 这些列不认识，未读取：{ $columns }。如有需要，请在映射文件的 `columns` 中写明字段。
finding-column-of-persons = 列“{ $column }”是个人信息，已在入口处丢弃，任何地方都不保存。
finding-column-ambiguous = { $same ->
    [yes] 列“{ $column }”出现不止一次，都对应字段“{ $field }”。请在文件中删去一列，或给其中一列改名。
   *[no] 列“{ $column }”与“{ $other }”都对应字段“{ $field }”。请在映射文件中说明以哪一列为准（另一列写入 `ignore`）。
  }
finding-period-unknown = “{ $table }”的数字是哪一期的（列：{ $columns }）？表头和标题都没有写明。请在映射文件中用 `period` 回答。
finding-unit-missing = 列“{ $column }”的单位是什么？各处都没有写明；典型值为 { DECIMAL($typical) }。从数量级看可能是：{ $units }。请选择单位，或在映射文件的 units 中写明。
finding-body-to-decide = 有 { $count } 行是{ $body ->
    [public_institution] 事业单位
    [social_body] 社会组织
    [individual_business] 个体工商户
    [cooperative] 农民专业合作社
   *[other] 其他主体
 }，不是企业，例如第 { $rows } 行。是否收入？请在映射文件中写 bodies: { "{" }{ $body }: accept{ "}" }（收入）或 leave_out（不收）。
finding-body-left-out = 该行是{ $body ->
    [public_institution] 事业单位
    [social_body] 社会组织
    [individual_business] 个体工商户
    [cooperative] 农民专业合作社
   *[other] 其他主体
 }，映射文件决定不收。
finding-code-by-name-to-confirm = 第 { $row } 行没有信用代码，但第 { $found_in_row } 行同名“{ $name }”的代码为 { $code }。如确为同一家，请在映射文件中用 `matches` 写明该代码；如不是，写成空文本 ""。
finding-code-by-name = 信用代码已按映射文件的确认由名称补上。
finding-code-repaired = 信用代码已整理：“{ $before }”读作 { $after }。
finding-code-missing = 缺少标识。请补上；同名企业若在同一文件中另有信用代码，可经确认后采用。
finding-code-too-long = 标识超过 200 个字符。
finding-code-length = “{ $before }”不是统一社会信用代码：应为 18 位。
finding-code-alphabet = “{ $before }”不是统一社会信用代码：含有代码中不会出现的字符（I、O、S、V、Z 或符号）。
finding-code-check-character = “{ $before }”的末位校验码与其余各位不符：有一位写错了。
finding-code-organisation-check = “{ $before }”的第 9 至 17 位不是正确的组织机构代码：其校验码不符。
finding-code-scientific = “{ $before }”原是信用代码，被表格软件变成了数字，位数已丢失。请把该列设为文本后重新填写。
finding-code-old-registration = “{ $before }”是 15 位旧注册号，不是统一社会信用代码。请向企业索取信用代码；同名企业若在同一文件中另有代码，可经确认后采用。
finding-code-organisation-only = “{ $before }”是组织机构代码，不是完整的统一社会信用代码。
finding-row-width = 该行的单元格数与表头的 { $width } 列不符。
finding-row-repeated = 第 { $row } 行与{ $other_sheet ->
    [none] 第 { $other_row } 行
   *[other] 工作表“{ $other_sheet }”第 { $other_row } 行
 }内容相同，只保留一次。
finding-row-contradicts = 此处为“{ $before }”，而{ $other_sheet ->
    [none] 第 { $other_row } 行
   *[other] 工作表“{ $other_sheet }”第 { $other_row } 行
 }为“{ $other }”：对同一企业的同一事实说法不同。矛盾的行未采用，已整行放入退回文件。请核实后改正文件，或在映射文件中写 contradictions: last（以靠后的一行为准）或 first。
finding-row-total-or-note = “{ $before }”是表下的合计或注释，已搁置。
finding-value-repaired = “{ $before }”读作 { $after }。
finding-value-not-a-number = “{ $before }”不是数字。
finding-value-without-unit = “{ $before }”没有单位，所在列也没有。
finding-value-unit-unknown = “{ $before }”的单位不认识。
finding-value-not-whole = “{ $before }”应为整数。
finding-value-negative = { $before } 不能为负数。
finding-value-too-large = { $before } 超出企业可能的范围。请检查单位。
finding-value-range = “{ $before }”是区间，不是数字；按缺失处理。
finding-value-band = “{ $before }”是档次或约数，不是数字；按缺失处理。
finding-value-ambiguous = “{ $before }”可能是零，也可能是未填；按缺失处理。
finding-currency-rate-missing = “{ $before }”是外币。请在映射文件中给出汇率，例如 rates: { "{" }USD: 7.2{ "}" }；在此之前按缺失处理。
finding-cell-error = “{ $before }”是表格公式的错误值；按缺失处理。
finding-formula-without-value = 公式 { $before } 保存时没有结果。请用表格软件打开并保存；现按缺失处理。
finding-choice-unknown = “{ $before }”不在允许的取值之中：{ $known }。请改正，或在映射文件中用 `values` 写明对应关系。
finding-flag-unreadable = “{ $before }”既不是“是”也不是“否”。
finding-text-too-long = 文字超过 4,000 个字符：{ $before }…
finding-text-control-character = 已去掉文字中的控制字符。
finding-date-serial = “{ $before }”是表格软件的日期序号，读作 { $after }。
finding-date-impossible = “{ $before }”不是历法中的日子。
finding-date-partial = “{ $before }”没有写到日；按缺失处理。
finding-date-open = “{ $before }”表示没有期限；按缺失处理。
finding-date-unreadable = “{ $before }”不是日期。
finding-period-length-unknown = 期间截至 { $before } 等日子，数字是从 1 月起累计的，还是固定几个月的？没有写明。请在映射文件中用 period 的 `months` 回答：from_january（从 1 月起累计），或 3、6、9、12。
finding-quarters-unknown = 期间以季度写明（例如截至 { $before }）：数字是该季度单独的，还是从 1 月起累计的？没有写明。请在映射文件中用 `quarters` 回答：alone（单独一个季度）或 from_january（从 1 月起累计）。
finding-period-unreadable = “{ $before }”不能说明 3、6、9 或 12 个月的期间。
finding-period-months = 期间须为 3、6、9 或 12 个月，而非 { $before }。
finding-known-before-period-end = 数字所属期间到 { $after } 才结束，却写明 { $before } 就已知悉。
finding-industry-zero-lost = “{ $before }”可能是中类，也可能是被表格软件丢了首位零的小类；按缺失处理。
finding-industry-unknown = “{ $before }”不在 GB/T 4754-2017 的表中，按原样保留。请核对。
finding-industry-by-name = 行业“{ $before }”读作代码 { $after }。
finding-industry-unreadable = “{ $before }”不是行业代码或名称；按缺失处理。
finding-revenue-per-employee = 营业收入 { MONEY($amount) }，折合每人每年 { MONEY($against) }。请检查单位。
finding-insured-above-employees = 参保 { $before } 人，多于从业人员 { $after } 人。
finding-district-above-insured = 区内参保 { $before } 人，多于全部参保 { $after } 人。
finding-rd-above-revenue = 研发费用 { MONEY($amount) }，高于营业收入 { MONEY($against) }。
finding-rd-staff-above-employees = 研发人员 { $before } 人，多于从业人员 { $after } 人。
finding-balance-does-not-add-up = 净资产 { MONEY($amount) }，与资产减负债（{ MONEY($against) }）不符。
finding-revenue-negative = 营业收入为负：{ MONEY($amount) }。
finding-factor-against-last-year = { $column }：{ MONEY($amount) }约为上年 { MONEY($against) }的 { $more ->
    [true] { DECIMAL($factor) } 倍
   *[false] 1/{ DECIMAL($factor) }
 }。请检查单位。
finding-enterprise-renamed = 该企业原名“{ $before }”，现为“{ $after }”；标识不变。
finding-row-without-figures = 该行除标识外没有任何可读取的内容，已搁置。
finding-known-on-missing = 该行没有写明自何日起为我们所知。
intake-findings-workbook = “{ $file }”是 mulu 写出的问题清单，其中重复了原文件的行，不能入库。请在原文件中改正后入库原文件。
findings-not-written = “{ $file }”的入库已处理完毕，但问题清单写不进以下文件夹：{ $folders }。请检查空间与权限，或用 --findings 另指定文件夹。
findings-file = 文件
finding-registration-differs = 此处为“{ $before }”，而{ $other_sheet ->
    [none] 第 { $other_row } 行
   *[other] 工作表“{ $other_sheet }”第 { $other_row } 行
 }为“{ $other }”：同一企业的登记信息在同一文件中前后不同，以靠后的一行为准。
finding-row-numbers-columns = 表头下面的栏次编号行，已搁置。
finding-figure-over-rows = “{ $before }”在一个跨多行合并的单元格里，不知属于哪一行；按缺失处理。请取消合并，逐行填写。
finding-columns-of-other-tables = 该表按“{ $table }”读取，以下列属于其他数据表，未读取：{ $columns }。如有需要，请拆分文件，或用 --table 指定。
finding-sheet-long = 该表每个指标占一行：{ $rows } 行数字合成 { $made } 行（每家企业每期一行）；行号为其中第一行。
mapping-names-persons = 映射文件要读取“{ $file }”的列“{ $column }”，但该列是个人信息。名录评价企业而非个人，个人信息不得入库。请从映射文件中删去该列。
finding-sheet-hidden = 工作表“{ $sheet }”被隐藏，已与其他工作表一样读取。请取消隐藏后核对；不需要的，请在映射文件中用 `sheets` 写明要读哪些。
finding-rows-hidden-unknown = 无法判断工作表“{ $sheet }”是否有隐藏的行；所有行都已读取。
