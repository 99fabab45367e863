// Command kube-network-policies enforces a node's NetworkPolicies: the controller of sigs.k8s.io/kube-network-policies
// decides on the first packet of each connection.
//
// Packets are handed to it by iptables. The controller's own nftables rules do the same, but need a kernel with
// CONFIG_NFT_QUEUE; where that lacks, it logs that they were refused. Where it does not, a packet is judged twice.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/kube-network-policies/pkg/networkpolicy"
)

const (
	queue = 100
	chain = "CCM-NETWORK-POLICIES"
)

func main() {
	kubeconfig := flag.String("kubeconfig", "", "file that says how to reach the API server")
	node := flag.String("node", "", "name of the node")
	flag.Parse()
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer cancel()
	if err := run(ctx, *kubeconfig, *node); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, kubeconfig, node string) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	// In JSON, "no rule" and "no list of rules" differ, and the controller takes the former for "anything goes".
	config.ContentType = "application/vnd.kubernetes.protobuf"
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	controller, err := networkpolicy.NewController(
		client,
		factory.Networking().V1().NetworkPolicies(),
		factory.Core().V1().Namespaces(),
		factory.Core().V1().Pods(),
		nil, nil, nil, nil,
		networkpolicy.Config{QueueID: queue, NodeName: node},
	)
	if err != nil {
		return err
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	if err := addRules(); err != nil {
		return err
	}
	defer removeRules()
	return controller.Run(ctx)
}

// addRules hands the first packets of all connections to the controller, after their destination was translated and
// before their source is. What the node's own root processes send, kubelet's probes above all, is not judged.
func addRules() error {
	removeRules()
	return iptables(
		"-N "+chain,
		"-A "+chain+" -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN",
		"-A "+chain+" -m owner --uid-owner 0 -j RETURN",
		"-A "+chain+" -j NFQUEUE --queue-num "+strconv.Itoa(queue),
		"-I POSTROUTING -j "+chain,
	)
}

func removeRules() {
	for _, rule := range []string{"-D POSTROUTING -j " + chain, "-F " + chain, "-X " + chain} {
		// They may not be there.
		_ = iptables(rule)
	}
}

func iptables(rules ...string) error {
	for _, rule := range rules {
		arguments := append([]string{"--wait", "--table", "mangle"}, strings.Fields(rule)...)
		if output, err := exec.Command("iptables", arguments...).CombinedOutput(); err != nil {
			return fmt.Errorf("iptables %s: %w: %s", rule, err, output)
		}
	}
	return nil
}
