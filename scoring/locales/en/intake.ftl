intake-progress = { $rows } rows read
intake-file-missing = There must be a file to take in, but there is none at { $path }. Check the path.
intake-not-a-file = { $path } is a folder, not a file. Name the files one by one, e.g. { $path }/*.csv.
intake-file-unreadable = The file { $path } cannot be opened: { $cause }. Check its permissions.
intake-file-changed = "{ $file }" was written to while it was read. Wait until whoever writes it is done, then take it in again.
intake-file-empty = "{ $file }" is empty: there is no row in it. Ask the sender for the file again.
intake-binary = "{ $file }" is no table but a { $kind } file, whatever its name says. Save it as CSV or XLSX and take that in.
intake-html = "{ $file }" is really a web page (HTML or XML) under another name. Open it in a spreadsheet program, save it as XLSX and take that in.
intake-nul = "{ $file }" holds a NUL byte at offset { $offset }: it is not text. Save it anew as CSV or XLSX; if it is UTF-16 without a BOM, say encoding: utf-16-le in a mapping file.
intake-encoding = "{ $file }" must be UTF-8, GBK, GB18030 or UTF-16 with BOM. It comes nearest to { $encoding }, but in line { $line }, at offset { $offset }, the byte { $byte } cannot be read (tried: { $tried }). Look there, save the file as UTF-8, or name its `encoding` in the mapping file.
intake-encoding-unknown = There is no encoding "{ $encoding }". Use e.g. utf-8, gbk, gb18030 or utf-16 in the mapping file.
intake-csv-broken = "{ $file }" cannot be read as CSV after row { $row }: { $cause }. Look for a quotation mark that is not closed.
intake-row-too-long = "{ $file }", after row { $row }: a row may have at most { $limit_bytes } bytes, and this one has more. Look for a quotation mark that is not closed, or a cell that holds a whole document.
intake-too-many-columns = "{ $file }" has { $columns } columns; at most { $limit } are read. Remove the columns that are not needed.
intake-sheet-too-large = A sheet of "{ $file }" spans { $cells } cells; at most { $limit } are read. Delete the empty rows and columns out to which it reaches.
intake-unpacks-too-large = "{ $file }" would unpack to more than { $limit_bytes } bytes and is not opened. Save the data as CSV.
intake-workbook-broken = The workbook "{ $file }" is damaged or no workbook: { $cause }. Open it in a spreadsheet program and save it again as XLSX.
intake-workbook-encrypted = The workbook "{ $file }" is protected by a password. Save it without one and take that in.
intake-sheet-missing = "{ $file }" has no sheet { $sheets }. Its sheets: { $known }.
intake-no-identifier = "{ $file }" must have a column with the unified social credit code; found: { $headers }. Name the column under `identifier` in a mapping file and pass it with --mapping.
intake-no-fields = No column of "{ $file }" is known beside the identifier; found: { $headers }. Say in a mapping file which column is which field.
intake-column-missing = The mapping names the column "{ $column }", but "{ $file }" has none of that name. Nearest: { $near }. Correct the mapping.
intake-column-twice = The column "{ $column }" stands more than once in "{ $file }". Rename one of them in the file.
intake-statistical-return = "{ $file }" is a statistical return (it bears: { $marks }). The Statistics Law (统计法) forbids using what single respondents returned for anything but statistics. Nothing was read; ask the enterprise for its own declaration.
mapping-missing = There is no mapping file at { $path }. Check the path.
mapping-not-yaml = The mapping file { $path } is not a YAML mapping that starts with "mulu_mapping: 1": { $cause }.
mapping-invalid = The mapping file { $path } has mistakes, all named here (∉ lists what is allowed): { $problems }. Correct them and try again.
mapping-file-name = The mapping is for files whose name matches { $pattern }, but this one is "{ $file }". Use the mapping that belongs to it, or correct `files`.
mapping-file-group = The mapping takes "{ $group }" from the name of "{ $file }", but `files` gives no whole number of that name. Known groups: { $known }.
mapping-period-needed = The mapping for "{ $file }" takes a day from the end of the period (`from: period_end` or `after_period_end`), but says no `period`. Add it.
mapping-period-end = The end of the period of "{ $file }" must be a date or a column. Correct `period: end` in the mapping.
indicator-declared-otherwise = The indicator { $indicator } is declared as { $declared } and cannot become { $asked }: old and new values could not be compared. Use a new code.
batch-used = Batch { $batch } cannot be withdrawn: { $subject } (event { $event }) has been decided since it came in. Take in a corrected file instead; the later knowledge counts.
held-unknown = No file { $held } waits for an answer. Waiting: { $known }. mulu status lists them.
held-answered = "{ $file }" was answered, held anew or withdrawn by somebody since it was shown. Look at what waits now.
held-file-needed = "{ $file }" must be brought again to be answered: its bytes are not kept. Choose the file beside the answers.
held-file-other = The file brought must be the "{ $file }" that waits, byte for byte; this is another one. Take it in as a new file.
held-file-changed = The kept copy of "{ $file }" at { $path } is not as it was written. Withdraw the file and take it in again.

severity-question = question
severity-error = error
severity-warning = warning
severity-note = note
findings-list = findings
findings-rows = rows
findings-sheet = sheet
findings-severity = severity
findings-code = code
findings-text = what it means
findings-row = row
findings-column = column
findings-before = as received
findings-after = read as

finding-more-of-the-same = { $count } more of the same kind ({ $code }) are counted, not listed.
finding-file-encoding = The file is in { $encoding }; it was read so.
finding-file-delimiter = The cells are separated by { $delimiter ->
    [tab] tabs
    [semicolon] semicolons
    [bar] bars
    [full-comma] full-width commas
   *[comma] another mark
  }, not by commas; it was read so.
finding-sheet-not-read = Sheet "{ $sheet }" has no identifier or no known column and was not read.
finding-rows-hidden = { $count } rows of sheet "{ $sheet }" are hidden. They were read like all others; unhide and check them.
finding-columns-not-read = These columns mean nothing to mulu and were not read: { $columns }. If one matters, name its field under `columns` in a mapping file.
finding-column-of-persons = Column "{ $column }" holds data about persons. It was dropped at the door and is stored nowhere.
finding-column-ambiguous = { $same ->
    [yes] Column "{ $column }" stands in the file more than once, each time for the field { $field }. Delete one in the file, or give it another name.
   *[no] Columns "{ $column }" and "{ $other }" both claim the field { $field }. Say in the mapping which one holds (`ignore` the other).
  }
finding-period-unknown = Which period do the figures for table { $table } describe (columns: { $columns })? Neither header nor title says. Answer with `period` in a mapping file.
finding-unit-missing = In which unit is column "{ $column }"? No unit stands anywhere; a typical value is { DECIMAL($typical) }. Plausible by magnitude: { $units }. Choose one, or write it under units in a mapping file.
finding-body-to-decide = { $count } of the rows are about { $body ->
    [public_institution] public institutions
    [social_body] social bodies
    [individual_business] individual businesses
    [cooperative] cooperatives
   *[other] other bodies
 }, which are no enterprises, e.g. rows { $rows }. Should they be taken? Write bodies: { "{" }{ $body }: accept{ "}" } or leave_out in a mapping file.
finding-body-left-out = The row is about one of the { $body ->
    [public_institution] public institutions
    [social_body] social bodies
    [individual_business] individual businesses
    [cooperative] cooperatives
   *[other] other bodies
 } that the mapping file leaves out.
finding-code-by-name-to-confirm = Row { $row } has no credit code, but row { $found_in_row } has the same name "{ $name }" with { $code }. If they are the same, write that code under `matches` in a mapping file; if not, write "".
finding-code-by-name = The credit code was filled in by name, as the mapping confirms.
finding-code-repaired = The credit code was put right: "{ $before }" became { $after }.
finding-code-missing = The identifier is missing. Fill it in; where another row of the file has the same name and a credit code, a person may confirm it.
finding-code-too-long = The identifier is longer than 200 characters.
finding-code-length = "{ $before }" is no credit code: it must have 18 characters.
finding-code-alphabet = "{ $before }" is no credit code: it holds a character that such a code never has (I, O, S, V, Z or a sign).
finding-code-check-character = The last character of "{ $before }" does not fit the others: one of them is wrong.
finding-code-organisation-check = Characters 9 to 17 of "{ $before }" are no organisation code: its own check digit does not fit.
finding-code-scientific = "{ $before }" was a credit code until a spreadsheet made it a number; its digits are lost. Format the column as text and enter it again.
finding-code-old-registration = "{ $before }" is a 15-digit registration number of old, not a credit code. Ask the enterprise for its credit code; where another row of the file has the same name and a code, a person may confirm it.
finding-code-organisation-only = "{ $before }" is an organisation code, not a whole credit code.
finding-row-width = The row has more or fewer cells than the header's { $width }.
finding-row-repeated = Row { $row } says the same as { $other_sheet ->
    [none] row { $other_row }
   *[other] row { $other_row } of sheet "{ $other_sheet }"
 } and was kept once.
finding-row-contradicts = It says "{ $before }" here, and { $other_sheet ->
    [none] row { $other_row }
   *[other] row { $other_row } of sheet "{ $other_sheet }"
 } says "{ $other }" of the same fact about the same enterprise. Rows that contradict each other were not taken and are whole in the rejects. Find out which is right and correct the file, or answer contradictions: last (the later row counts) or first in a mapping file.
finding-row-total-or-note = "{ $before }" is a total or a note below the table and was set aside.
finding-value-repaired = "{ $before }" was read as { $after }.
finding-value-not-a-number = "{ $before }" is not a number.
finding-value-without-unit = "{ $before }" has no unit, and neither has its column.
finding-value-unit-unknown = "{ $before }" has a unit that is not known here.
finding-value-not-whole = "{ $before }" must be a whole number.
finding-value-negative = { $before } must not be negative.
finding-value-too-large = { $before } is larger than anything an enterprise could have. Look at the unit.
finding-value-range = "{ $before }" is a range, not a number; the value counts as missing.
finding-value-band = "{ $before }" is a band or an estimate, not a number; the value counts as missing.
finding-value-ambiguous = "{ $before }" may mean zero or not filled in; the value counts as missing.
finding-currency-rate-missing = "{ $before }" is in a foreign currency. Give a rate in a mapping file, e.g. rates: { "{" }USD: 7.2{ "}" }; until then it counts as missing.
finding-cell-error = "{ $before }" is an error of the spreadsheet's formula; the value counts as missing.
finding-formula-without-value = The formula { $before } was saved without its value. Open the file in a spreadsheet program and save it; the value counts as missing.
finding-choice-unknown = "{ $before }" is none of the values that are allowed: { $known }. Correct it, or say with `values` in a mapping file what it means.
finding-flag-unreadable = "{ $before }" is neither yes nor no.
finding-text-too-long = The text is longer than 4,000 characters: { $before }…
finding-text-control-character = Control characters were taken out of the text.
finding-date-serial = "{ $before }" is a spreadsheet's day number; it was read as { $after }.
finding-date-impossible = "{ $before }" is no day of the calendar.
finding-date-partial = "{ $before }" names no day; the value counts as missing.
finding-date-open = "{ $before }" means without end; the value counts as missing.
finding-date-unreadable = "{ $before }" is no date.
finding-period-length-unknown = Periods end on { $before } and the like: do the figures count from January, or over a fixed number of months? Nothing says. Answer with `months` of `period` in a mapping file: from_january, or 3, 6, 9 or 12.
finding-quarters-unknown = Periods are told by quarter (for example up to { $before }): do the figures describe that quarter alone, or count from January? Nothing says. Answer with `quarters` in a mapping file: alone, or from_january.
finding-period-unreadable = "{ $before }" tells no period of 3, 6, 9 or 12 months.
finding-period-months = A period must have 3, 6, 9 or 12 months, not { $before }.
finding-known-before-period-end = The figures describe a period that ended on { $after }, after { $before }, the day they are said to be known.
finding-industry-zero-lost = "{ $before }" may be a group, or a class whose leading zero a spreadsheet dropped; the value counts as missing.
finding-industry-unknown = "{ $before }" is not in the table of GB/T 4754-2017; it was kept as it stands. Please check.
finding-industry-by-name = The industry "{ $before }" was read as code { $after }.
finding-industry-unreadable = "{ $before }" is no industry code or name; the value counts as missing.
finding-revenue-per-employee = Revenue of { MONEY($amount) } makes { MONEY($against) } for each employee and year. Look at the unit.
finding-insured-above-employees = { $before } insured persons are more than { $after } employees.
finding-district-above-insured = { $before } persons insured in the district are more than all { $after } insured.
finding-rd-above-revenue = R&D expense of { MONEY($amount) } is more than the revenue of { MONEY($against) }.
finding-rd-staff-above-employees = { $before } research staff are more than { $after } employees.
finding-balance-does-not-add-up = Net assets of { MONEY($amount) } are not assets less liabilities ({ MONEY($against) }).
finding-revenue-negative = Revenue of { MONEY($amount) } is negative.
finding-factor-against-last-year = { $column }: { MONEY($amount) } is about { $more ->
    [true] { DECIMAL($factor) } times
   *[false] 1/{ DECIMAL($factor) } of
 } { MONEY($against) } a year before. Look at the unit.
finding-enterprise-renamed = { $after } was known as "{ $before }" before; it keeps its identifier.
finding-row-without-figures = The row has an identifier and nothing else that is read; it was set aside.
finding-known-on-missing = Since when the row is known is not said.
intake-findings-workbook = "{ $file }" is a list of findings that mulu wrote; it repeats rows of the file it is about. Correct that file and take it in instead.
findings-not-written = "{ $file }" has been dealt with, but its findings could not be written to any of these folders: { $folders }. See to room and permissions, or name another with --findings.
findings-file = file
finding-registration-differs = It says "{ $before }" here, and { $other_sheet ->
    [none] row { $other_row }
   *[other] row { $other_row } of sheet "{ $other_sheet }"
 } says "{ $other }" of the same enterprise; the later row of the file counts.
finding-row-numbers-columns = This row numbers the columns below the header; it was set aside.
finding-figure-over-rows = "{ $before }" stands in a cell merged over several rows, so nobody can say which row it belongs to; it counts as missing. Unmerge the cell and fill every row.
finding-columns-of-other-tables = The sheet was read as { $table }; these columns belong to other tables and were not read: { $columns }. Split the file, or name the table with --table.
finding-sheet-long = The sheet has a row for each figure: { $rows } rows became { $made }, one for each enterprise and period; a row number is that of the first of them.
mapping-names-persons = The mapping file reads column "{ $column }" of "{ $file }", which holds persons. The directory is about enterprises, never persons; take that column out of the mapping file.
finding-sheet-hidden = The sheet "{ $sheet }" is hidden; it was read like the others. Unhide it and check, or name the sheets to read with `sheets` in a mapping file.
finding-rows-hidden-unknown = Whether the sheet "{ $sheet }" has hidden rows cannot be told; all its rows were read.
