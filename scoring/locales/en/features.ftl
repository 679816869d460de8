# Refusals of the feature catalogue and the matrix
engine-unknown = An engine must be one of { $known }; got "{ $engine }". Name one of these with --engine.
engine-spark-missing = The Spark engine needs pyspark, and Java, and there is a piece missing here ({ $cause }). Install Java and run pip install 'mulu[spark]', or use the default engine duckdb.
feature-unknown = A feature must be in the catalogue; got "{ $feature }". The nearest are: { $near }. See them all with mulu features.
feature-twice = Feature names must be unique; these occur more than once: { $features }. Rename one of them.
feature-input-unknown = A feature's arguments must be columns of the point-in-time view; feature "{ $feature }" names unknown ones: { $inputs }. Correct the argument names, or declare the indicator first.
factor-unknown = A factor must be one of { $known }; got: { $factors }. Correct it.
target-unknown = A target must be one that exists; got "{ $target }". There are: { $known }.
measure-unknown = Growth is measured on fields of the reports; got: { $measures }. There are: { $known }.
key-industries-invalid = A table of key industries needs version and industries, each with zh, en and codes of two to four digits; { $path } cannot be read: { $cause }. Correct it after the pattern of data/reference/key_industries.yaml.
features-file-ending = The dictionary is written as one of { $known }; got { $file }. Choose one of these endings.
features-folder-missing = A file needs a folder that exists; there is no { $folder }. Make it, or name another.
enterprise-unknown-at-date = A lineage needs an enterprise that was known at the date; nothing of { $enterprise } was known on { $as_of }. Take a later date, or check the identifier.
origin-unknown = no fact known by then: { $input }
origin-fact = { $input } = { $value }: { $source }, row { $row }, known on { $known_on }
origin-fact-period = { $input } = { $value }: { $months } months to { $period_end }; { $source }, row { $row }, known on { $known_on }
origin-corrected = { $input } was stated { $versions } times by then; the latest holds
