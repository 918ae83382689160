from horsies import Horsies

app = Horsies()
