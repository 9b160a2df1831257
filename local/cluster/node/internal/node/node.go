package node

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"time"

	"tcp-ingress.local/node/internal/api"
	"tcp-ingress.local/node/internal/component"
	"tcp-ingress.local/node/internal/control"
	"tcp-ingress.local/node/internal/dns"
	"tcp-ingress.local/node/internal/hostnet"
	"tcp-ingress.local/node/internal/image"
	"tcp-ingress.local/node/internal/loadbalancer"
	"tcp-ingress.local/node/internal/namespace"
	"tcp-ingress.local/node/internal/process"
	"tcp-ingress.local/node/internal/spec"
)

type node struct {
	*spec.Spec
	table      *process.Table
	reporter   *control.Reporter
	start      time.Time
	giveUp     context.CancelCauseFunc
	cgroupRoot string

	docker *onDemand

	containerd, etcd, registry, apiServer, controllerManager, scheduler, kubelet, proxy *process.Service
}

// run starts everything and returns when the cluster is ready.
func (n *node) run(ctx context.Context) error {
	if err := namespace.ConnectNode(n.ip, n.Spec); err != nil {
		return err
	}
	pause, err := image.Of(n.Program("pause"))
	if err != nil {
		return err
	}
	if err := component.WriteConfig(n.Spec, pause.Reference, n.cgroupRoot); err != nil {
		return err
	}
	n.step("Network and configuration are in place")
	if err := n.serve(
		service{&n.etcd, component.Etcd}, service{&n.apiServer, component.APIServer},
		service{&n.containerd, component.Containerd}, service{&n.registry, component.Registry},
	); err != nil {
		return err
	}
	if n.docker, err = listenOnDemand(component.DockerSocket(n.Spec)); err != nil {
		return err
	}
	go n.serveDocker()
	client, err := api.New(n.Spec)
	if err != nil {
		return err
	}
	var coredns *image.Program
	if err := together(
		func() error {
			if coredns, err = image.Of(n.Program("coredns")); err != nil {
				return err
			}
			return n.importImages(ctx, pause, coredns)
		},
		func() error { return n.until(ctx, "The registry answers", answers("http://"+n.Registry()+"/v2/")) },
		func() error { return n.until(ctx, "The API server is ready", client.Ready) },
	); err != nil {
		return err
	}
	if err := n.serve(
		service{&n.controllerManager, component.ControllerManager}, service{&n.scheduler, component.Scheduler},
		service{&n.kubelet, component.Kubelet}, service{&n.proxy, component.Proxy},
	); err != nil {
		return err
	}
	gate := &loadbalancer.Gate{Run: n.iptables, Rules: n.rules, Interface: hostnet.NodeInterface}
	if err := gate.Close(n.Network.LoadBalancers); err != nil {
		return err
	}
	go loadbalancer.Run(ctx, client, n.Network.LoadBalancers, gate)
	if err := dns.Install(ctx, client, coredns.Reference, n.Network.DNS); err != nil {
		return err
	}
	if err := n.until(ctx, "The node is ready", nodeReady(client, n.Spec, n.start)); err != nil {
		return err
	}
	if err := n.until(ctx, "DNS answers", func(ctx context.Context) bool { return dns.Answers(ctx, n.Network.DNS) }); err != nil {
		return err
	}
	n.reporter.Report(control.Event{Type: "ready", Message: "Cluster " + n.Instance + " is ready"})
	return nil
}

type service struct {
	into    **process.Service
	command func(*spec.Spec) process.Command
}

func (n *node) serve(services ...service) error {
	for _, each := range services {
		started, err := n.table.Serve(func() process.Command { return each.command(n.Spec) }, n.giveUp)
		if err != nil {
			return err
		}
		*each.into = started
	}
	return nil
}

func (n *node) serveDocker() {
	err := n.docker.serve(func(listener *os.File) (*process.Service, error) {
		command, err := component.Docker(n.Spec, listener, strings.TrimSuffix(n.cgroupRoot, "/")+"/docker")
		if err != nil {
			return nil, err
		}
		return n.table.Serve(func() process.Command { return command }, n.giveUp)
	})
	if err != nil {
		n.giveUp(err)
	}
}

// stop ends everything in the order in which nothing is missed by what still runs.
func (n *node) stop() {
	n.reporter.Report(control.Event{Type: "stopping", Message: "Cluster " + n.Instance + " stops"})
	const patience = 5 * time.Second
	end(n.kubelet, patience)
	if err := stopContainers(patience); err != nil {
		n.step(err.Error())
	}
	if n.docker != nil {
		n.docker.stop(patience)
	}
	end(n.proxy, patience)
	end(n.scheduler, patience)
	end(n.controllerManager, patience)
	// It would wait for its watchers, up to a minute; what it has accepted is in etcd.
	end(n.apiServer, time.Second)
	end(n.registry, patience)
	end(n.etcd, patience)
	end(n.containerd, patience)
}

func end(service *process.Service, limit time.Duration) {
	if service != nil {
		service.Stop(limit)
	}
}

func (n *node) step(message string) { n.reporter.Report(control.Event{Type: "step", Message: message}) }

// until waits for a step of the start and reports it.
func (n *node) until(ctx context.Context, what string, ok func(context.Context) bool) error {
	const limit = 2 * time.Minute
	if err := until(ctx, what, limit, ok); err != nil {
		return err
	}
	n.step(what)
	return nil
}

// together runs several things at once and returns when all have ended.
func together(all ...func() error) error {
	failures := make([]error, len(all))
	var group sync.WaitGroup
	group.Add(len(all))
	for i, each := range all {
		go func() {
			defer group.Done()
			failures[i] = each()
		}()
	}
	group.Wait()
	return errors.Join(failures...)
}
