cli-mulu-help = 目录：长宁区人才政策重点扶持企业目录的提名、说明、评审与公布。
cli-format-help = 输出格式：text 供人阅读，json 供程序读取
