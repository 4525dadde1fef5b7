print("governor")
