puts %w[hello world].join(" ")
