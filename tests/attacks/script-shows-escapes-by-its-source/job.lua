local a = "[2J‮" return nothing
