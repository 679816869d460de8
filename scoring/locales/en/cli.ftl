cli-mulu-help = mulu: propose, explain, review and publish the directory of key-support enterprises.
cli-format-help = how the answer is printed: text for people, json for programs
