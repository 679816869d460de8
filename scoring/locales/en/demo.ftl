demo-too-small = The synthetic district needs at least { $smallest } enterprises and { $fewest } years; got { $enterprises } and { $years }, from which nothing could be learned. Raise --enterprises.
demo-home-occupied = The demonstration needs an empty home: { $home } holds { $batches } batches and { $events } ledger entries of real use, which it does not touch. Choose another home, e.g. MULU_HOME=/tmp/mulu-demo mulu demo.
demo-home-has-others = The home { $home } holds { $batches } batches that are not the demonstration's, so it is not wiped. Choose another MULU_HOME for a new demonstration.
demo-not-wiped = { $setting } points outside the demonstration's home (by default it is { $default }) and may hold others' work, so it is not wiped. Unset it or choose another MULU_HOME.
dashboard-port-taken = Port { NUMBER($port, useGrouping: 0) } is in use. Name a free one with --port.
dashboard-did-not-start = The dashboard did not answer on port { $port } within { $seconds } seconds; the cause stands above. Run mulu doctor.
demo-create = make the synthetic district
demo-intake = take the files in
demo-intake-file = take in { $file }
demo-train-growth = train the growth model
demo-train-listing = train the listing model
demo-rank = rank
demo-select = propose a list
demo-people = make accounts
demo-round = open the review
publication-synthetic = Synthetic data, for demonstration only: the enterprises on it are invented and this document has no effect.
