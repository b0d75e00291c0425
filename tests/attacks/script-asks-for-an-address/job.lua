print(tostring(print), tostring({}), string.format('%s', from))
