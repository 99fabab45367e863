package main

// usage is the tokens of one or more requests.
type usage struct{ input, output, cacheRead, cacheCreation int64 }

// rounded makes every cost a whole number of millionths of a USD: cache reads cost a tenth of the input price, cache
// writes five quarters.
func (u usage) rounded() usage {
	u.cacheRead -= u.cacheRead % 10
	u.cacheCreation -= u.cacheCreation % 4
	return u
}

// costMicroUSD is exact for a rounded usage.
func (u usage) costMicroUSD(p price) int64 {
	return u.input*p.Input + u.output*p.Output + u.cacheRead/10*p.Input + u.cacheCreation/4*5*p.Input
}
