nearest-name = Did you mean "{ $name }"?{ " " }
policy-file-unreadable = The policy file "{ $file }" cannot be read ({ $cause }). Check path and permissions; it must be YAML in UTF-8.
policy-not-yaml = Line { $line } of the policy file "{ $file }" is not valid YAML: { $cause }. Check indentation, colons and quotes.
policy-key-twice = A field stands once in a section of the policy file "{ $file }": "{ $key }" is on line { $first } and again on line { $line }. Remove one.
edition-unknown = There is no edition "{ $edition }". { NEAREST($nearest) }Editions: { $known }; the path of a YAML file will do too.
edition-invalid = The policy file "{ $file }" has { $count ->
    [one] 1 mistake
   *[other] { $count } mistakes
  }. Correct and try again:{ $mistakes }
edition-field-unknown = line { $line }: there is no field "{ $field }". { NEAREST($nearest) }Allowed here: { $known }.
edition-field-missing = line { $line }: the field "{ $field }" is required. Add it.
edition-value-not-one-of = line { $line }: "{ $field }" cannot be "{ $value }". Allowed: { $known }.
edition-value-kind = line { $line }: "{ $field }" must be { $wanted ->
    [number] a number
    [whole] a whole number
    [date] a date such as 2026-01-01
    [text] text
    [section] a section with fields of its own
    [list] a list
   *[truth] true or false
  }, got "{ $value }".
edition-value-bound = line { $line }: "{ $field }" must be { $side ->
    [above] greater than
    [least] at least
    [below] less than
   *[most] at most
  } { DECIMAL($bound, digits: 4) }, got "{ $value }".
edition-value-empty = line { $line }: "{ $field }" must not be empty.
edition-value-name = line { $line }: the name "{ $value }" of "{ $field }" must begin with a small letter and hold only small letters, digits, - and _.
edition-value-wrong = line { $line }: "{ $field }" cannot be "{ $value }" ({ $cause }). Compare with an edition that ships.
edition-one-test = line { $line }: the condition "{ $field }" needs exactly one test: { $known }.
edition-bands-or-categories = line { $line }: "{ $field }" needs either bands or categories, not both and not neither.
edition-bands-order = line { $line }: the bands of "{ $field }" must stand in rising order of their thresholds, each once.
edition-weights-one = line { $line }: the weights scorecard, growth and listing of "{ $field }" must add up to 1, got { DECIMAL($total, digits: 4) }.
edition-quota-empty = line { $line }: the quota "{ $field }" needs min or max.
edition-quota-crossed = line { $line }: min of the quota "{ $field }" may not exceed max.
edition-name-unknown = line { $line }: a quota names "{ $name }", which does not exist. { NEAREST($nearest) }Allowed: { $known }.
edition-name-twice = line { $line }: "{ $name }" stands here twice. A name may stand once.
edition-reference-unknown = line { $line }: the reference "{ $name }" is not among references. { NEAREST($nearest) }There are: { $known }.
edition-feature-unknown = line { $line }: the catalogue has no "{ $name }". { NEAREST($nearest) }Allowed: { $known }.
edition-industry-code = line { $line }: the code "{ $value }" of the key industry "{ $name }" is not in GB/T 4754-2017. Give the code of a division, group or class, such as 56, 651 or 5821.
edition-bands-kind = line { $line }: the feature "{ $feature }" is { $kind ->
    [category] a category and needs categories
   *[number] a number and needs bands
  }.
edition-unit-differs = line { $line }: the thresholds of "{ $feature }" are said to be in "{ $unit }". Allowed units: { $known }.
edition-bands-direction = line { $line }: the bands of "{ $feature }" run against its direction: the catalogue says that { $direction ->
    [1] more is better, so points must rise
   *[other] less is better, so points must fall
  } with the value.
edition-restricted-feature = line { $line }: the feature "{ $feature }" is restricted ({ $restriction ->
    [fair_competition] Fair Competition Review Regulation
   *[other] { $restriction }
  }). An edition in force since { $since } may not use it unless legal.grounds names the legal ground for "{ $restriction }".
edition-not-in-force = The edition "{ $edition }" was in force until { $until } and cannot rank at { $as_of }. Choose an edition that is in force.
