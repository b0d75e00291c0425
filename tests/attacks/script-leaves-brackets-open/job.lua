local x = [==[ ]=] ]
