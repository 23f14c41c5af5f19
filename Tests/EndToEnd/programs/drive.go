// Uses the guide's session.go from four goroutines. Arguments: site, username, password, seconds.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	session, err := LogIn(os.Args[1], os.Args[2], os.Args[3])
	check(err)
	seconds, err := strconv.Atoi(os.Args[4])
	check(err)
	end := time.Now().Add(time.Duration(seconds) * time.Second)
	statuses := map[int]int{}
	var mutex sync.Mutex
	var group sync.WaitGroup
	for i := 0; i < 4; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for time.Now().Before(end) {
				status, _, err := session.Request("GET", "/api/auth/me", nil)
				check(err)
				mutex.Lock()
				statuses[status]++
				mutex.Unlock()
				// The interval in which this client polls.
				time.Sleep(50 * time.Millisecond)
			}
		}()
	}
	group.Wait()
	check(json.NewEncoder(os.Stdout).Encode(statuses))
}
