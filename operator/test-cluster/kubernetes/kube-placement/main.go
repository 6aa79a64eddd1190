// What places pods that claim devices: the real kube-scheduler, as its own release builds it, and beside it
// the controller that makes pods' claims of their templates. That is the one of kube-controller-manager's
// fifty that the tests need; the other 316 packages of it took longer to compile than the tests run.
//
// It takes the options of kube-scheduler, and the API server's address from KUBECONFIG.
package main

import (
	"context"
	"fmt"
	"os"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/cmd/kube-scheduler/app"
	"k8s.io/kubernetes/pkg/controller/resourceclaim"
)

// How many of kube-controller-manager's threads do this.
const workers = 10

func main() {
	if err := makeClaims(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "kube-placement:", err)
		os.Exit(1)
	}
	os.Exit(cli.Run(app.NewSchedulerCommand()))
}

func makeClaims(ctx context.Context) error {
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		return err
	}
	config.UserAgent = "resource-claim-controller"
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	shared := informers.NewSharedInformerFactory(client, 0)
	controller, err := resourceclaim.NewController(
		klog.FromContext(ctx),
		resourceclaim.Features{AdminAccess: false, PrioritizedList: true},
		client,
		shared.Core().V1().Pods(),
		// Of pod groups, which claim nothing here, it then asks nothing.
		nil,
		shared.Resource().V1().ResourceClaims(),
		shared.Resource().V1().ResourceClaimTemplates(),
	)
	if err != nil {
		return err
	}
	shared.Start(ctx.Done())
	go controller.Run(ctx, workers)
	return nil
}
