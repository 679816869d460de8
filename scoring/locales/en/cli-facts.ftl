cli-intake-help = Take files in (CSV, XLSX, XLS), each as one batch, whole or not at all. `mulu intake undo BATCH` withdraws a batch that nothing decided has used.
cli-intake-files = the files; or the word undo and the batches (or waiting files) to withdraw
cli-intake-mapping = a mapping file (YAML): which column is which field, in which unit, and the answers to questions
cli-intake-table = the table of facts, where the file could be several
cli-intake-known-on = since when the file's content is known (YYYY-MM-DD); default: what the mapping says, else today
cli-intake-dry-run = read and judge everything, store nothing
cli-intake-actor = who brings the file; default: the user of this computer
cli-intake-done = Taken in: { $file } is batch { $batch }.
cli-intake-held = Held: { $file } waits for answers; nothing was stored. Answer the questions in a mapping file and take it in again.
cli-intake-draft = A draft to answer in, with ? where an answer belongs: { $path } (then: mulu intake { $file } --mapping { $path })
cli-intake-dry = Dry run: { $file } was read and judged; nothing was stored.
cli-intake-nothing = Nothing taken in: no row of { $file } can be stored.
cli-intake-rows = Rows: { $rows } = { $accepted } accepted + { $rejected } rejected + { $repeated } repeated + { $aside } set aside (blank, totals, notes).
cli-intake-tables = Stored: { $tables }.
cli-intake-more = and { $count } more.
cli-intake-withdrawn = Batch { $batch } is withdrawn. Its files stay, nothing reads them.
cli-intake-held-withdrawn = { $file } waits no longer; the copy kept of it is removed, the record stays.
cli-status-help = What is in the store: tables, periods, how well each field is filled, batches, open questions.
cli-status-home = Home { $home }, database { $database }
cli-status-empty = The store is empty. Bring a file in with mulu intake FILE.
cli-status-table = table
cli-status-rows = rows
cli-status-enterprises = enterprises
cli-status-first = from
cli-status-last = to
cli-status-known = known on
cli-status-field = field
cli-status-filled = filled
cli-status-latest = latest period
cli-status-batch = batch
cli-status-source = source
cli-status-by = by
cli-status-state = state
cli-status-withdrawn = withdrawn
cli-status-question = Waiting for answers: { $file } ({ $count ->
    [one] 1 question
   *[other] { $count } questions
 })
cli-doctor-help = Whether the store is sound: ledger, fact files, leavings of dead writers, disk.
cli-doctor-repair = remove what writers that died left behind; never touches a registered fact
cli-doctor-database = The database ({ $dialect }) is open and up to date.
cli-doctor-ledger = The ledger's chain holds over { $events } events.
cli-doctor-ledger-fault = FAULT: event { $seq } of the ledger is { $code }. Restore the database from a backup.
cli-doctor-files = Every fact file of { $batches } batches is as it was written.
cli-doctor-file-missing = FAULT: { $path } is missing (batch { $batch }, table { $table }). Restore it, or mulu intake undo { $batch } and take the source in again.
cli-doctor-file-changed = FAULT: { $path } is damaged (batch { $batch }, table { $table }). Restore it, or mulu intake undo { $batch } and take the source in again.
cli-doctor-swept = Removed { $count } leavings of writers that died.
cli-doctor-leavings = { $count } leavings of writers that died take room; nothing reads them. mulu doctor --repair removes them.
cli-doctor-disk = { $free_gib } GiB are free.
cli-doctor-disk-low = Only { $free_gib } GiB are free. Make room before the next intake.
cli-doctor-sound = The store is sound.
cli-doctor-unsound = The store is not sound; see the faults above.
cli-intake-findings = the folder for the workbook of findings; default: next to the file
cli-intake-workbook = Findings, with the cells coloured: { $path }
cli-intake-rejects = Rejected rows, with their reasons: { $path }
cli-status-period = period to
cli-status-months = months
cli-status-more-periods = and { $count } earlier periods.
cli-status-draft = Answer here and take the file in again with --mapping: { $path }
cli-status-held = Brought by { $by }. It can be answered on the page Data as well; withdraw it: mulu intake undo { $held }
cli-intake-read-csv = Read as CSV in { $encoding }, cells separated by { $delimiter ->
    [tab] tabs
    [semicolon] semicolons
    [bar] bars
    [full-comma] full-width commas
   *[comma] commas
  }.
cli-intake-read-xlsx = Read as XLSX workbook.
cli-intake-read-xls = Read as legacy XLS workbook.
