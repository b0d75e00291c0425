error({ "x" })
